import type { Board } from "../../boards/index.js";
import type { BuiltApp } from "../bundle/build-app.js";
import { startFleet, type Fleet } from "../fleet/fleet.js";
import type { Store } from "../fleet/store/store.js";
import type { Pace } from "./clock/pace.js";
import { SteadyPace } from "./clock/pace.js";
import { tcpSide } from "./link/tcp-side.js";
import type { LinkProfile } from "./link/profile.js";
import type { ReadingsPlan } from "./readings/plan.js";
import { Simulation } from "./simulation.js";
import { tally, type Tally } from "./tally.js";
import type { Trace } from "./trace.js";

export interface RunOptions {
  readonly board: Board;
  readonly app: Pick<BuiltApp, "code" | "pack">;
  readonly profile: LinkProfile;
  readonly seed: number;
  readonly devices: number;
  readonly days: number;
  readonly plan: ReadingsPlan;
  readonly store: Store;
  /** Another broker, reached over TCP at real pace. */
  readonly brokerUrl?: string | undefined;
  readonly speed?: number;
  readonly trace?: Trace;
  print?(device: string, line: string): void;
  /** Told what there is to watch, before anything runs. */
  started?(simulation: Simulation, now: () => Tally): void;
  progress?(nowMs: number): void;
  /** The last record is in the store; nothing is disposed of yet. */
  finished?(): Promise<void>;
}

/** How a run ended. */
export interface RunOutcome {
  readonly tally: Tally;
  /** SHA-256 of everything that happened: the same for the same seed, but with `brokerUrl`. */
  readonly traceHash: string;
  /** Virtual time at the end. */
  readonly finishedMs: number;
  readonly wallMs: number;
  readonly peakJsVars: number;
  /** Of the first device. */
  readonly storageBytes: number;
  readonly lastCrash: string | undefined;
}

/** Runs an application on simulated devices against broker and collector. @throws SertaoError BROKER_…, STORE_… */
export async function runApp(options: RunOptions): Promise<RunOutcome> {
  const { app, board, brokerUrl, days, devices, plan, profile, seed, store } = options;
  const began = performance.now();
  const { records } = await store.totals();
  let simulation: Simulation | undefined;
  const fleet = await startFleet({
    store,
    now: () => plan.startMs + (simulation?.nowMs ?? 0),
    realTimers: false,
    brokerUrl,
  });
  try {
    simulation = await Simulation.create({
      board,
      code: app.code,
      pack: app.pack,
      profile,
      seed,
      devices,
      days,
      startMs: plan.startMs,
      readings: (index) => plan.readings(index),
      broker: brokerUrl === undefined ? fleet : tcpSide(brokerUrl),
      acknowledgement: brokerUrl === undefined ? "puback" : "collector",
      run: records,
      ...pace(options),
      ...(options.trace && { trace: options.trace }),
      ...(options.print && { print: (device, line) => options.print?.(device, line) }),
      ...(options.progress && { progress: (nowMs) => options.progress?.(nowMs) }),
    });
    return await play(simulation, fleet, options, began);
  } finally {
    simulation?.dispose();
    await fleet.stop();
  }
}

async function play(simulation: Simulation, fleet: Fleet, options: RunOptions, began: number): Promise<RunOutcome> {
  options.started?.(simulation, () => tally(simulation.devices, fleet.counts));
  await simulation.run();
  await options.finished?.();
  const [first] = simulation.devices;
  const outcome = {
    tally: tally(simulation.devices, fleet.counts),
    finishedMs: simulation.finishedMs,
    peakJsVars: Math.max(...simulation.devices.map((device) => device.peakJsVars)),
    storageBytes: first?.storageBytes ?? 0,
    lastCrash: simulation.devices.map(({ counters }) => counters.lastCrash).find((text) => text !== undefined),
  };
  return { ...outcome, traceHash: simulation.dispose(), wallMs: performance.now() - began };
}

function pace({ brokerUrl, speed }: RunOptions): { pace?: Pace } {
  return brokerUrl === undefined ? {} : { pace: new SteadyPace(speed ?? 1) };
}
