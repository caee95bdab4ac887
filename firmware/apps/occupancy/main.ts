import { application, board, runtime, version } from "sertao:build";
import { openMemory } from "sertao:memory";
import { operators } from "sertao:operators";
import { platform } from "sertao:platform";
import { startApp } from "../../../lib/app/app.js";
import { defineApp } from "../../../lib/app/define-app.js";
import { standardize } from "../../../lib/dsp/standardize.js";
import { feed } from "../../drivers/feed.js";
import { SCALING } from "./model/scaling.js";

const MINUTE_MS = 60000;
const HOUR_MS = 60 * MINUTE_MS;
const CHANNELS = 5;

// Is somebody in the room? One result a minute, from five room readings.
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
        { name: "temperature", unit: "Cel", min: -20, max: 60 },
        { name: "humidity", unit: "%RH", min: 0, max: 100 },
        { name: "light", unit: "lx", min: 0, max: 100000 },
        { name: "co2", unit: "ppm", min: 0, max: 10000 },
        { name: "humidityRatio", unit: "/", min: 0, max: 1 },
      ]),
    samplePeriodMs: MINUTE_MS,
    windowSamples: 1,
    inferEverySamples: 1,
    features: (window, inputs) => {
      for (let i = 0; i < CHANNELS; i++) inputs[i] = window.value(i, 0);
      return standardize(inputs, SCALING);
    },
    outputs: [{ name: "occupied", index: 0, report: { always: true } }],
    ramOutboxRecords: 2000,
    batchRecords: 20,
    batchAgeMs: HOUR_MS,
    connection: { everyMs: 0, windowMs: 0, alarmEveryMs: 0 },
    keepAliveSec: 900,
    statusPeriodMs: 6 * HOUR_MS,
  }),
);
