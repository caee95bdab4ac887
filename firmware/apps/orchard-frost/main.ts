import { application, board, runtime, version } from "sertao:build";
import { openMemory } from "sertao:memory";
import { operators } from "sertao:operators";
import { platform } from "sertao:platform";
import { startApp } from "../../../lib/app/app.js";
import { defineApp } from "../../../lib/app/define-app.js";
import { standardize } from "../../../lib/dsp/standardize.js";
import { feed } from "../../drivers/feed.js";
import { frostFeatures, WINDOW_SAMPLES } from "./features.js";
import { DECISION_THRESHOLD, SCALING } from "./model/scaling.js";

const MINUTE_MS = 60000;
const HOUR_MS = 60 * MINUTE_MS;

// Orchard frost alarm: will the air at the sensor freeze within two hours?
startApp(
  platform,
  defineApp({
    name: application,
    version,
    board,
    runtime,
    operators,
    openMemory,
    sensors: (on) =>
      feed(on.readings, [
        { name: "airTemperature", unit: "Cel", min: -40, max: 60 },
        { name: "relativeHumidity", unit: "%RH", min: 0, max: 100 },
        { name: "windSpeed", unit: "m/s", min: 0, max: 60 },
        { name: "radiation", unit: "W/m2", min: -200, max: 1500 },
      ]),
    samplePeriodMs: 5 * MINUTE_MS,
    windowSamples: WINDOW_SAMPLES,
    inferEverySamples: 2,
    features: (window, inputs) => frostFeatures(window, inputs) && standardize(inputs, SCALING),
    outputs: [
      {
        name: "frost",
        index: 0,
        report: { change: 0.1, heartbeatMs: HOUR_MS, alarmAbove: DECISION_THRESHOLD, hysteresis: 0.1 },
      },
    ],
    ramOutboxRecords: 600,
    batchRecords: 10,
    batchAgeMs: 2 * HOUR_MS,
    connection: { everyMs: 2 * HOUR_MS, windowMs: 4 * MINUTE_MS, alarmEveryMs: 10 * MINUTE_MS },
    keepAliveSec: 900,
    statusPeriodMs: 6 * HOUR_MS,
  }),
);
