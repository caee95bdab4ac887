import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linuxField } from "../../boards/linux-field.js";
import { buildApp } from "../../scripts/bundle/build-app.js";
import { storageFiles } from "../../scripts/bundle/device-files.js";
import { espruinoBuild } from "../../scripts/engine/espruino.js";
import { inFolder } from "../../scripts/engine/run-command.js";
import { encodeProvisioning } from "../../scripts/provision/provisioning.js";

const engine = espruinoBuild("espruino-field");
const HOUR_SEC = 3600;
const WEEK_SEC = 7 * 24 * HOUR_SEC;
const BUDGET_JSVARS = 2500;
const MOST_MS = 200_000;
/** A Linux build reads Storage through a file, byte by byte: a week in that form takes ten times as long. */
const CODE = {
  Storage: 'eval(realRequire("Storage").read(".boot0")); eval(realRequire("Storage").read(".bootcde"))',
  RAM: 'eval(realRequire("fs").readFileSync("bundle"))',
};

/**
 * A week of the demo in one process: time jumps from timer to timer, readings follow the day, and a broker of a few lines
 * accepts, grants and acknowledges. What these take of memory is counted before anything of the device runs. From Storage it
 * starts as a board does, with supervisor and loader.
 */
const AROUND = `
var now = 0, timers = [], lastId = 0, files = require("Storage"), fs = require("fs"), reports = [];
FILES.forEach(function (name) { files.write(name, fs.readFileSync(name)); });
files = fs = undefined;
var realTimeout = setTimeout, realRequire = require;
global.getTime = function () { return now; };
global.setTimeout = function (run, ms) { timers.push({ id: ++lastId, at: now + Math.max(0.001, ms / 1000), run: run }); return lastId; };
global.clearTimeout = function (id) {
  for (var i = 0; i < timers.length; i++) if (timers[i].id === id) { timers.splice(i, 1); return; }
  throw new Error("Unknown Timeout");
};
global.sertaoReading = function (channel) {
  var day = Math.sin(now / 86400 * 6.2831853);
  return channel === "airTemperature" ? 6 + 9 * day : channel === "relativeHumidity" ? 60 - 20 * day : channel === "windSpeed" ? 1 + day : 200 * day;
};
var told = { sample: 0, missed: 0, lateMs: 0, connected: 0, reported: 0, waiting: 0, evicted: 0, bytesSent: 0, inference: 0 };
global.sertaoObserve = function (name, value) { told[name] = value; };
function answer(bytes) {
  var type = bytes.charCodeAt(0) >> 4, at = 1, length = 0, shift = 1, digit;
  do { digit = bytes.charCodeAt(at++); length += (digit & 127) * shift; shift *= 128; } while (digit & 128);
  if (type === 1) return "\\x20\\x02\\x00\\x00";
  if (type === 8) return "\\x90\\x03" + bytes.substr(at, 2) + "\\x00";
  if (type === 12) return "\\xd0\\x00";
  if (type === 3 && (bytes.charCodeAt(0) & 6)) {
    var topic = bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1);
    return "\\x40\\x02" + bytes.substr(at + 2 + topic, 2);
  }
  return "";
}
function whole(bytes) {
  var at = 1, length = 0, shift = 1, digit;
  do { digit = bytes.charCodeAt(at++); length += (digit & 127) * shift; shift *= 128; } while (digit & 128);
  return at + length;
}
global.net = { connect: function (to, connected) {
  var socket = {
    on: function (event, run) { this["on" + event] = run; },
    write: function (bytes) {
      var that = this;
      setTimeout(function () {
        while (bytes.length) {
          var size = whole(bytes), reply = answer(bytes.substr(0, size));
          bytes = bytes.substr(size);
          if (reply && that.ondata) that.ondata(reply);
        }
        if (that.ondrain) that.ondrain();
      }, 50);
      return false;
    },
    end: function () { delete this.ondata; delete this.ondrain; }
  };
  setTimeout(function () { connected(socket); }, 100);
  return socket;
} };
global.require = function (name) { return name === "net" ? net : realRequire(name); };
function usage() { return process.memory().usage; }
function step() {
  for (var n = 0; n < 40 && timers.length; n++) {
    var first = 0;
    for (var i = 1; i < timers.length; i++) if (timers[i].at < timers[first].at) first = i;
    var next = timers.splice(first, 1)[0];
    if (next.at > now) now = next.at;
    next.run();
    next = undefined;
    if (reports.length < REPORTS.length && now >= REPORTS[reports.length]) {
      reports.push(now);
      print("@@used " + Math.round(now) + " " + (usage() - before) + " " + JSON.stringify(told));
    }
  }
  if (reports.length < REPORTS.length) realTimeout(step, 1);
  else print("@@over");
}
var before = usage();
CODE;
realTimeout(step, 1);
`;

interface Used {
  readonly atSec: number;
  readonly jsVars: number;
  readonly told: Readonly<Record<string, number>>;
}

/** JsVars that the demo uses at some times of its life. */
async function used(reportsSec: readonly number[], from: "Storage" | "RAM", before = ""): Promise<Used[]> {
  const app = await buildApp("firmware/apps/orchard-frost", linuxField, { ignoreBudgets: true });
  return inFolder(async (folder) => {
    const installed = storageFiles(app).map(
      ({ name, bytes, contentBytes }) => [name, bytes.subarray(0, contentBytes)] as const,
    );
    const files: Record<string, Uint8Array> = {
      ...Object.fromEntries(installed.filter(([, bytes]) => bytes.length > 0)),
      bundle: Buffer.from(before + app.code, "latin1"),
      "sertao.cfg": encodeProvisioning({
        device: "d1",
        incarnation: 7,
        brokerHost: "broker",
        brokerPort: 1883,
        deviceKey: new Uint8Array(32).fill(5),
      }),
    };
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    writeFileSync(
      join(folder, "run.js"),
      `var FILES = ${JSON.stringify(Object.keys(files))}, REPORTS = ${JSON.stringify(reportsSec)};\n${AROUND.replace("CODE", CODE[from])}`,
    );
    const text = await output(engine.find()!, folder);
    const lines = [...text.matchAll(/@@used (\d+) (-?\d+) (\{.*\})/g)];
    if (lines.length !== reportsSec.length) throw new Error(`the engine said: ${text.slice(-2000)}`);
    return lines.map(([, at, jsVars, told]) => ({
      atSec: Number(at),
      jsVars: Number(jsVars),
      told: JSON.parse(told!) as Record<string, number>,
    }));
  });
}

function output(command: string, folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, ["run.js"], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    let text = "";
    const limit = setTimeout(() => child.kill("SIGKILL"), MOST_MS);
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      // It would wait for its console for ever.
      if (text.includes("@@over")) child.kill("SIGKILL");
    });
    child.once("error", reject);
    child.once("exit", () => {
      clearTimeout(limit);
      resolve(text);
    });
  });
}

describe.skipIf(engine.find() === undefined)("the demo on espruino-field (needs its command)", () => {
  it("uses at most 2,500 JsVars after an hour, and after five", { timeout: 120_000 }, async () => {
    const found = await used([HOUR_SEC, 5 * HOUR_SEC], "Storage");
    expect(found.at(-1)!.told).toMatchObject({ sample: 61, inference: 24, missed: 0 });
    for (const { jsVars, atSec } of found) {
      expect(jsVars, `at ${atSec} s`).toBeGreaterThan(1000);
      expect(jsVars, `at ${atSec} s`).toBeLessThanOrEqual(BUDGET_JSVARS);
    }
  });

  it("uses no more after a week than after a day", { timeout: 240_000 }, async () => {
    const [hour, day, week] = await used([HOUR_SEC, 25 * HOUR_SEC, WEEK_SEC], "RAM");
    expect(week!.atSec).toBeGreaterThanOrEqual(WEEK_SEC);
    // It did what it is for.
    expect(week!.told["sample"]).toBeGreaterThan(2000);
    expect(week!.told["inference"]).toBeGreaterThan(990);
    expect(week!.told["reported"]).toBeGreaterThan(100);
    expect(week!.told["waiting"]).toBeLessThan(10);
    // Some numbers grow out of what one JsVar holds. One JsVar kept at each inference would be a thousand.
    expect(week!.jsVars - day!.jsVars).toBeLessThan(20);
    expect(week!.jsVars - hour!.jsVars).toBeLessThan(40);
  });

  it("one object kept at each sample would be noticed", { timeout: 120_000 }, async () => {
    const leak = `var kept=[],told0=sertaoObserve;sertaoObserve=function(n,v){if(n==="sample")kept.push({});told0(n,v)};\n`;
    const [hour, next] = await used([HOUR_SEC, 6 * HOUR_SEC], "RAM", leak);
    expect(next!.jsVars - hour!.jsVars).toBeGreaterThan(50);
  });
});
