import type { PlacedSensor } from "./place-sensors.js";
import { SAMPLE_PERIOD_SEC, type PlaceKind } from "./sensor-choices.js";

/** Samples in the window that features are computed from. */
export const WINDOW_SAMPLES = 7;

/** What makes a bus or pin usable, from `sertao:buses`. */
const OPENERS: Record<Exclude<PlaceKind, "none">, string> = {
  i2c: "i2c",
  pin: "oneWire",
  counter: "pulseCounter",
  analog: "analogInput",
};

/** `main.ts` of a new application. */
export function mainSource(sensors: readonly PlacedSensor[]): string {
  const wired = sensors.filter(({ choice }) => choice.kind !== "none");
  const names = sorted(["application", "board", "runtime", "version", ...wired.map(({ place }) => place)]);
  const openers = sorted(wired.flatMap(({ choice: { kind } }) => (kind === "none" ? [] : OPENERS[kind])));
  const buses = openers.length > 0 ? `import { ${openers.join(", ")} } from "sertao:buses";\n` : "";
  const drivers = sensors.map(
    ({ choice }) => `import { ${choice.imports} } from "sertao/firmware/drivers/${choice.id}.js";\n`,
  );
  const manage = wired.length > 0 ? 'import { manage } from "sertao/lib/sensing/managed-sensor.js";\n' : "";
  return `import { ${names.join(", ")} } from "sertao:build";
${buses}import { openMemory } from "sertao:memory";
import { operators } from "sertao:operators";
import { platform } from "sertao:platform";
${sorted(drivers).join("")}import { startApp } from "sertao/lib/app/app.js";
import { defineApp } from "sertao/lib/app/define-app.js";
import { standardize } from "sertao/lib/dsp/standardize.js";
${manage}import { features, WINDOW_SAMPLES } from "./features.js";
import { DECISION_THRESHOLD, SCALING } from "./model/scaling.js";

const MINUTE_MS = 60000;
const HOUR_MS = 60 * MINUTE_MS;

startApp(
  platform,
  defineApp({
    name: application,
    version,
    board,
    runtime,
    operators,
    openMemory,
    sensors: (on) => ${sensorsSource(sensors)},
    samplePeriodMs: ${SAMPLE_PERIOD_SEC / 60} * MINUTE_MS,
    windowSamples: WINDOW_SAMPLES,
    inferEverySamples: 1,
    features: (window, inputs) => features(window, inputs) && standardize(inputs, SCALING),
    // A result is sent when it changes by a tenth, once an hour in any case, and at once when it becomes an alarm.
    outputs: [
      {
        name: "alert",
        index: 0,
        report: { change: 0.1, heartbeatMs: HOUR_MS, alarmAbove: DECISION_THRESHOLD, hysteresis: 0.1 },
      },
    ],
    ramOutboxRecords: 300,
    batchRecords: 10,
    batchAgeMs: HOUR_MS,
    // The radio is on for two minutes of each hour at most; an alarm does not wait for the hour.
    connection: { everyMs: HOUR_MS, windowMs: 2 * MINUTE_MS, alarmEveryMs: 10 * MINUTE_MS },
    keepAliveSec: 300,
    statusPeriodMs: 6 * HOUR_MS,
  }),
);
`;
}

/** What are read from buses, and what is fed in. */
function sensorsSource(sensors: readonly PlacedSensor[]): string {
  const listed = (isFed: boolean): string[] =>
    sensors
      .filter(({ choice }) => (choice.kind === "none") === isFed)
      .map(({ choice, place }) => `        ${choice.driver(place)},\n`);
  const [fed, wired] = [listed(true), listed(false)];
  const lists = [
    ...(fed.length > 0 ? [`feed(on.readings, [\n${fed.join("")}      ])`] : []),
    ...(wired.length > 0 ? [`manage(on, [\n${wired.join("")}      ])`] : []),
  ];
  return lists.length > 1 ? `${lists[0]}.concat(${lists[1]})` : lists[0]!;
}

/** `features.ts` of a new application. */
export function featuresSource(channels: readonly string[]): string {
  return `import type { SampleWindow } from "sertao/lib/sensing/sample-window.js";

/** ${channels.join(", ")}: a sample's values in order. */
const CHANNELS = ${channels.length};

/** Half an hour of samples, both ends included. */
export const WINDOW_SAMPLES = ${WINDOW_SAMPLES};

/**
 * What the model sees of each channel: its last value, and how far it has come within the window. The same code runs on
 * the device and in training.
 * @returns false, and \`out\` is not to be used, while the window is short or where a sensor has failed
 */
export function features(window: SampleWindow, out: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < CHANNELS; i++) {
    const last = window.value(i, 0);
    out[2 * i] = last;
    sum += out[2 * i + 1] = last - window.value(i, WINDOW_SAMPLES - 1);
  }
  return sum === sum;
}
`;
}

/** Names of what `featuresSource` computes. */
export function featureNames(channels: readonly string[]): string[] {
  return channels.flatMap((name) => [name, `${name}Change`]);
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
