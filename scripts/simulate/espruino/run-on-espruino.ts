import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MODEL_FILE } from "../../../lib/app/plain-files.js";
import { PROVISIONING_FILE } from "../../../lib/app/provisioning.js";
import { storageFiles, type StorageFile } from "../../bundle/device-files.js";
import { findCommand } from "../../engine/find-command.js";
import { engineMissing } from "../../errors/engine.js";
import { startFleet } from "../../fleet/fleet.js";
import { encodeProvisioning } from "../../provision/provisioning.js";
import { SteadyPace } from "../clock/pace.js";
import { Scheduler } from "../clock/scheduler.js";
import { DeviceCounters } from "../device/counters.js";
import { Link } from "../link/link.js";
import type { RunOptions, RunOutcome } from "../run-app.js";
import { partSeed, seedStream } from "../seed-stream.js";
import type { View } from "../show/view.js";
import { tally, type Tally } from "../tally.js";
import { Trace } from "../trace.js";
import { chipImage } from "../flash/slot-layout.js";
import { EngineProcess } from "./engine-process.js";
import { LinkProxy } from "./link-proxy.js";
import { prelude } from "./prelude.js";
import { writeReadings } from "./readings-file.js";
import { RunFolder } from "./run-folder.js";

export interface EspruinoRunOptions extends Omit<RunOptions, "started" | "progress" | "finished" | "print"> {
  /** Channels that the application reads. */
  readonly channels: readonly string[];
}

const DAY_MS = 86_400_000;
const DRAIN_MS = 6 * 3_600_000;
const DEVICE = "d1";
const BUNDLE = "bundle";
const FLASH_FILE = "espruino.flash";
const BOOT_FILES = [".boot0", ".bootcde"];
/** A run of any length takes about this long, as far as the speed allows. */
const WALL_SEC = 240;
/** Beyond it the engine's own work takes too much of the device's time. */
const MAX_SPEED = 600;
const RESTART_SEC = 2;
const WAKE_TIMER = 4;
/** What the engine's builds for this machine say they are. */
const ENGINE_BOARD = "LINUX";

/**
 * Runs an application in a real Espruino on this machine, against the same broker, over the same kind of link, with
 * time scaled by `speed`. Nothing about it is deterministic. One device.
 * @throws SertaoError ENGINE_MISSING
 */
export async function runOnEspruino(options: EspruinoRunOptions, view: View): Promise<RunOutcome> {
  // The build that is laid out like the field's comes first: its JsVars are those of an ESP32.
  const field = findCommand("espruino-field");
  const isField = field !== undefined;
  const command = field ?? findCommand("espruino");
  const { board } = options;
  if (command === undefined) throw engineMissing("espruino");
  const began = performance.now();
  const endMs = options.days * DAY_MS;
  const speed = options.speed ?? Math.min(MAX_SPEED, Math.max(1, endMs / 1000 / WALL_SEC));
  const folder = new RunFolder();
  const scheduler = new Scheduler();
  const trace = options.trace ?? new Trace();
  const fleet = await startFleet({
    store: options.store,
    now: () => options.plan.startMs + scheduler.nowMs,
    realTimers: false,
  });
  const link = new Link({
    scheduler,
    random: seedStream(options.seed, `${DEVICE}/link`),
    profile: options.profile,
    attach: (stream) => fleet.attach(stream),
    disturbed: () => undefined,
    trace: (what) => trace.add(scheduler.nowMs, `link ${DEVICE}`, what),
  });
  const device = { counters: new DeviceCounters(), link };
  const proxy = await LinkProxy.open(link);
  let peakJsVars = 0;
  let engine: EngineProcess | undefined;
  const { channels, days, plan } = options;
  writeReadings(folder.path, plan.readings(0), channels, plan.startMs, days * DAY_MS + DRAIN_MS);
  try {
    const own = await deviceFiles(options, proxy.port);
    // Settings and slots lie where the board's file says, and only one of the builds has them there.
    const hasSlots = options.app.installation !== undefined && isField && board.firmwareBoards.includes(ENGINE_BOARD);
    const files = hasSlots ? [] : writeFiles(folder.path, own);
    if (hasSlots) writeFileSync(join(folder.path, FLASH_FILE), chipImage(board, own));
    const sleepsDeeply = typeof board.deepSleep !== "string";
    const boot = (cause = 0): void => {
      device.counters.boots++;
      let sleepMs: number | undefined;
      const startSec = scheduler.nowMs / 1000;
      const script = prelude({
        speed,
        startSec,
        channels: options.channels,
        scripts: hasSlots ? BOOT_FILES : [BUNDLE],
        files,
        wakeCause: sleepsDeeply ? cause : undefined,
      });
      writeFileSync(join(folder.path, "run.js"), script);
      engine = new EngineProcess(
        command,
        folder.path,
        "run.js",
        (told) => {
          if (told.kind === "observe") device.counters.observe(told.name, told.value);
          else if (told.kind === "memory") peakJsVars = Math.max(peakJsVars, told.used);
          else if (told.kind === "printed") device.counters.printed(told.line);
          else if (told.kind === "sleep") sleepMs = told.microseconds / 1000;
          else device.counters.crashed(told.text);
        },
        // E.reboot ends the process; so does a deep sleep, and a failure that it does not survive.
        () => {
          device.counters.endBoot();
          if (sleepMs === undefined) scheduler.after(RESTART_SEC * 1000, () => boot());
          else scheduler.after(sleepMs, () => boot(WAKE_TIMER));
        },
      );
    };
    scheduler.at(0, () => boot());
    await pass(scheduler, new SteadyPace(speed), endMs, link, () => device.counters.waiting, {
      view,
      count: () => tally([device], fleet.counts),
    });
    engine?.stop();
    return {
      tally: tally([device], fleet.counts),
      finishedMs: scheduler.nowMs,
      peakJsVars,
      storageBytes: own.reduce((sum, { bytes }) => sum + bytes.length, 0),
      freePagesUsed: undefined,
      lastCrash: device.counters.lastCrash,
      energy: "Nobody sees what a real engine is doing: the charge is accounted for with --engine quickjs.",
      dutyDays: [],
      traceHash: trace.close(),
      wallMs: performance.now() - began,
    };
  } finally {
    engine?.stop();
    await proxy.close();
    await fleet.stop();
    folder.remove();
  }
}

/** What the engine has in its Storage. */
async function deviceFiles({ app, seed, store }: EspruinoRunOptions, port: number): Promise<StorageFile[]> {
  const { records } = await store.totals();
  const provisioning = encodeProvisioning({
    device: DEVICE,
    incarnation: partSeed(seed, `${DEVICE}/espruino/${records}`),
    brokerHost: "127.0.0.1",
    brokerPort: port,
  });
  return [{ name: PROVISIONING_FILE, bytes: provisioning }, ...storageFiles(app)];
}

/** Files that the engine copies into its Storage by itself: application and model, as on a board without slots. */
function writeFiles(folder: string, files: readonly StorageFile[]): (readonly [string, string])[] {
  const names: Record<string, string> = {
    [PROVISIONING_FILE]: PROVISIONING_FILE,
    "app.a": BUNDLE,
    "model.a": MODEL_FILE,
  };
  const plain = files.some(({ contentBytes }) => contentBytes !== undefined)
    ? names
    : { ...names, ".bootcde": BUNDLE, [MODEL_FILE]: MODEL_FILE };
  return files.flatMap(({ name, bytes, contentBytes }) => {
    const wanted = plain[name];
    if (wanted === undefined) return [];
    writeFileSync(join(folder, wanted), bytes.subarray(0, contentBytes));
    return [[wanted, wanted] as const];
  });
}

async function pass(
  scheduler: Scheduler,
  pace: SteadyPace,
  endMs: number,
  link: Link,
  waiting: () => number,
  show: { view: View; count: () => Tally },
): Promise<void> {
  const { view } = show;
  view.linkChanged(DEVICE, 0, link.state);
  link.onState = (state) => view.linkChanged(DEVICE, scheduler.nowMs, state);
  let isRepaired = false;
  const scene = (): Parameters<View["show"]>[0] => ({
    nowMs: scheduler.nowMs,
    endMs,
    tally: show.count(),
    links: [{ device: DEVICE, state: link.state }],
    last: "-",
  });
  for (;;) {
    await pace.wait(Math.min(scheduler.nextMs, scheduler.nowMs + DAY_MS), scheduler);
    while (scheduler.nextMs <= pace.nowMs()) scheduler.step(Infinity);
    scheduler.advanceTo(pace.nowMs());
    view.show(scene());
    if (scheduler.nowMs < endMs) continue;
    if (!isRepaired) {
      isRepaired = true;
      link.repair();
    }
    if (waiting() === 0 || scheduler.nowMs >= endMs + DRAIN_MS) return view.end(scene());
  }
}
