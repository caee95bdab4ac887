import { application, board, runtime, version } from "sertao:build";
import { operators } from "sertao:operators";
import { platform } from "sertao:platform";
import { startApp } from "../../../lib/app/app.js";
import { defineApp } from "../../../lib/app/define-app.js";
import { AnyOf, Heartbeat, OnChange, Threshold } from "../../../lib/uplink/report-policy.js";
import { feed } from "../../drivers/feed.js";
import { frostFeatures, WINDOW_SAMPLES } from "./features.js";

const MINUTE_MS = 60000;
const FROST = 1;

// Orchard frost alarm: will the air at the sensor freeze within two hours?
startApp(
  platform,
  defineApp({
    name: application,
    version,
    board,
    runtime,
    operators,
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
    features: frostFeatures,
    outputs: [
      {
        name: "frost",
        index: FROST,
        policy: new AnyOf([new OnChange(0.1), new Heartbeat(60 * MINUTE_MS)]),
        alarm: new Threshold(0.5, 0.2),
      },
    ],
    batchRecords: 10,
    batchAgeMs: 30 * MINUTE_MS,
    keepAliveSec: 120,
  }),
);
