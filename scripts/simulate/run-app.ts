import type { Board } from "../../boards/index.js";
import type { BuiltApp } from "../bundle/build-app.js";
import type { Runnable } from "../bundle/device-files.js";
import { startFleet, type Fleet } from "../fleet/fleet.js";
import type { Store } from "../fleet/store/store.js";
import type { Acknowledgement } from "../provision/provisioning.js";
import { SteadyPace } from "./clock/pace.js";
import { accountEnergy, type EnergyAccount } from "./energy/account.js";
import { addDays, addStates, type DutyState } from "./energy/duty-meter.js";
import { tcpSide } from "./link/tcp-side.js";
import type { LinkProfile } from "./link/profile.js";
import type { ReadingsPlan } from "./readings/plan.js";
import { deviceKey, Simulation, type SimulationOptions } from "./simulation.js";
import { tally, type Tally } from "./tally.js";
import type { UpdateOutcome, UpdatePlan } from "./updates/update-plan.js";
import type { Trace } from "./trace.js";

const DAY_MS = 86_400_000;

export interface RunOptions {
  readonly board: Board;
  readonly app: Runnable & {
    readonly manifest?: Pick<BuiltApp["manifest"], "parts">;
  };
  /** How long an inference holds the CPU; 0 where nobody knows. */
  readonly inferenceMs?: number | undefined;
  /** What the devices' sleep clocks are off by; drawn from the seed where absent. */
  readonly sleepClockPpm?: number;
  readonly profile: LinkProfile;
  readonly seed: number;
  readonly devices: number;
  readonly days: number;
  readonly plan: ReadingsPlan;
  readonly store: Store;
  /** Another broker, reached over TCP at real pace. */
  readonly brokerUrl?: string | undefined;
  /** True where the collector is another program, at that broker: nothing goes into `store` then. */
  readonly collectsElsewhere?: boolean;
  /** What tells devices at another broker that a record is safe. Absent: the collector where it is here, or PUBACK. */
  readonly acknowledgement?: Acknowledgement | undefined;
  /** Virtual seconds in a real one, with another broker. */
  readonly speed?: number;
  /** How often the power of each device is cut at random. */
  readonly powerCuts?: number;
  /** Updates to publish in the middle; only where the collector is here. */
  readonly updates?: UpdatePlan | undefined;
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
  /** Bytes of Storage in use, erased files included, on the first device. */
  readonly storageBytes: number;
  /** Pages of the board's free region that the first device has written; undefined where nobody looked. */
  readonly freePagesUsed: number | undefined;
  readonly lastCrash: string | undefined;
  /** The charge that all devices took, or why it is not known. */
  readonly energy: EnergyAccount | string;
  /** How long all devices together were in each state, by day. */
  readonly dutyDays: readonly Readonly<Record<DutyState, number>>[];
  /** What became of updates that were published. */
  readonly updates?: readonly UpdateOutcome[];
}

/** Runs an application on simulated devices against broker and collector. @throws SertaoError BROKER_…, STORE_… */
export async function runApp(options: RunOptions): Promise<RunOutcome> {
  const { app, board, days, devices, plan, profile, seed } = options;
  const began = performance.now();
  let simulation: Simulation | undefined;
  const place = await findBroker(options, () => plan.startMs + (simulation?.nowMs ?? 0));
  try {
    simulation = await Simulation.create({
      board,
      code: app.code,
      pack: app.pack,
      installation: app.installation,
      keeper: app.keeper,
      profile,
      seed,
      devices,
      days,
      startMs: plan.startMs,
      readings: (index) => plan.readings(index),
      parts: app.manifest?.parts,
      ...place.settings,
      ...(options.updates && place.fleet && updateSettings(options.updates, place.fleet, place.settings.broker, days)),
      powerCuts: options.powerCuts ?? 0,
      inferenceMs: options.inferenceMs,
      ...(options.sleepClockPpm !== undefined && { sleepClockPpm: options.sleepClockPpm }),
      ...(options.trace && { trace: options.trace }),
      ...(options.print && { print: (device, line) => options.print?.(device, line) }),
      ...(options.progress && { progress: (nowMs) => options.progress?.(nowMs) }),
    });
    return await play(simulation, place.fleet?.counts, options, began);
  } finally {
    simulation?.dispose();
    place.close();
    await place.fleet?.stop();
  }
}

/** What a simulation needs to publish updates while it runs. */
function updateSettings(
  updates: UpdatePlan,
  fleet: Fleet,
  broker: SimulationOptions["broker"],
  days: number,
): Pick<SimulationOptions, "broker" | "events" | "updateKey"> {
  return {
    updateKey: updates.publicKey,
    events: updates.times(days * DAY_MS).map((atMs, index) => ({
      atMs,
      run: () => updates.publish(index, fleet, atMs),
    })),
    broker: {
      attach: (stream) => broker.attach(stream),
      settled: async () => {
        await updates.settled();
        await broker.settled();
      },
    },
  };
}

interface BrokerPlace {
  /** Undefined where results are collected elsewhere. */
  readonly fleet: Fleet | undefined;
  readonly settings: Pick<SimulationOptions, "broker" | "acknowledgement" | "run" | "pace">;
  close(): void;
}

/** The embedded broker in virtual time, or another at real pace. */
async function findBroker(options: RunOptions, now: () => number): Promise<BrokerPlace> {
  const { brokerUrl, collectsElsewhere, seed, store } = options;
  const common = { store, now, realTimers: false, keys: { find: (device: string) => deviceKey(seed, device) } };
  if (brokerUrl === undefined) {
    const fleet = await startFleet(common);
    return { fleet, settings: { broker: fleet, run: (await store.totals()).records }, close: () => undefined };
  }
  const broker = await tcpSide(brokerUrl);
  const fleet = collectsElsewhere ? undefined : await startFleet({ ...common, brokerUrl });
  const acknowledgement = options.acknowledgement ?? (fleet === undefined ? "puback" : "collector");
  // Of what another collector has seen of these devices, nothing is known here.
  const settings = { broker, acknowledgement, run: Date.now(), pace: new SteadyPace(options.speed ?? 1) };
  return { fleet, settings, close: () => broker.close() };
}

async function play(
  simulation: Simulation,
  counts: Fleet["counts"] | undefined,
  options: RunOptions,
  began: number,
): Promise<RunOutcome> {
  options.started?.(simulation, () => tally(simulation.devices, counts));
  await simulation.run();
  await options.finished?.();
  const [first] = simulation.devices;
  for (const device of simulation.devices) device.duty.close(simulation.finishedMs);
  const dutyDays = addDays(simulation.devices.map(({ duty }) => duty.days));
  const outcome = {
    tally: tally(simulation.devices, counts),
    finishedMs: simulation.finishedMs,
    peakJsVars: Math.max(...simulation.devices.map((device) => device.peakJsVars)),
    storageBytes: first?.storageBytes ?? 0,
    freePagesUsed: first?.usedPages,
    lastCrash: simulation.devices.map(({ counters }) => counters.lastCrash).find((text) => text !== undefined),
    energy: accountEnergy(
      options.board,
      {
        ms: addStates(dutyDays),
        samples: simulation.devices.reduce((sum, { counters }) => sum + counters.samples, 0),
        bytesUp: simulation.devices.reduce((sum, { link }) => sum + link.bytesUp, 0),
      },
      options.app.manifest?.parts ?? [],
    ),
    dutyDays,
    ...(options.updates && { updates: await options.updates.outcomes(options.store) }),
  };
  return { ...outcome, traceHash: simulation.dispose(), wallMs: performance.now() - began };
}
