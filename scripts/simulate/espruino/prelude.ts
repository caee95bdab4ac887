import { MARK } from "./marked-line.js";
import { STEP_MS, VALUE_BYTES } from "./readings-file.js";

export interface PreludeOptions {
  /** Device seconds in one real second. */
  readonly speed: number;
  /** Device time at which this process starts, seconds. */
  readonly startSec: number;
  readonly channels: readonly string[];
  /** Storage files to run, one after another. */
  readonly scripts: readonly string[];
  /** Storage files to make, where they are missing: name there, name in the process's folder. */
  readonly files: readonly (readonly [string, string])[];
}

const MEMORY_PERIOD_MS = 500;

/**
 * What runs in a real Espruino around the bundle: time that goes faster, readings from files, and marked lines for the
 * simulator. The bundle is evaluated from Storage, as on a board: its functions then stay in flash. It must keep to what Espruino understands (no hoisting, definitions before use).
 */
export function prelude({ speed, startSec, channels, scripts, files }: PreludeOptions): string {
  return `(function () {
var realTime = getTime, realTimeout = setTimeout, realInterval = setInterval, realChange = changeInterval;
var began = realTime(), open = {}, storage = require("Storage"), fs = require("fs");
var files = ${JSON.stringify(files)}, channels = ${JSON.stringify(channels)};
var ahead = function () { return ${startSec} + (realTime() - began) * ${speed}; };
global.getTime = ahead;
global.setTimeout = function (run, ms) { return realTimeout(run, ms / ${speed}); };
global.setInterval = function (run, ms) { return realInterval(run, ms / ${speed}); };
global.changeInterval = function (id, ms) { realChange(id, ms / ${speed}); };
global.sertaoObserve = function (name, value) { print(${JSON.stringify(MARK)} + "observe " + name + " " + value); };
global.sertaoReading = function (channel) {
  var index = channels.indexOf(channel);
  if (index < 0) return NaN;
  if (!open[channel]) open[channel] = E.openFile("readings" + index + ".txt", "r");
  open[channel].seek(Math.floor(ahead() * 1000 / ${STEP_MS}) * ${VALUE_BYTES});
  return parseFloat(open[channel].read(${VALUE_BYTES - 1}));
};
for (var i = 0; i < files.length; i++) {
  if (storage.readArrayBuffer(files[i][0]) === undefined) storage.write(files[i][0], fs.readFileSync(files[i][1]));
}
realInterval(function () {
  var memory = process.memory();
  print(${JSON.stringify(MARK)} + "memory " + memory.usage + " " + memory.total);
}, ${MEMORY_PERIOD_MS});
})();
${scripts
  .map(
    (name) => `eval(require("Storage").read(${JSON.stringify(name)}));
`,
  )
  .join("")}`;
}
