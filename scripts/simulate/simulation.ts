import type { Duplex } from "node:stream";
import type { Board } from "../../boards/index.js";
import { PROVISIONING_FILE } from "../../lib/app/provisioning.js";
import type { Installation } from "../bundle/build-manifest.js";
import { storageFiles } from "../bundle/device-files.js";
import { DEVICE_KEY_BYTES } from "../fleet/secrets/device-keys.js";
import type { Acknowledgement } from "../provision/provisioning.js";
import { encodeProvisioning } from "../provision/provisioning.js";
import { EventLoop } from "./clock/event-loop.js";
import { FastPace, type Pace } from "./clock/pace.js";
import type { Scheduler } from "./clock/scheduler.js";
import { SimulatedDevice } from "./device/device.js";
import { fillStorage } from "./flash/slot-layout.js";
import { Link } from "./link/link.js";
import type { LinkProfile } from "./link/profile.js";
import type { PartPlacement } from "./parts/placement.js";
import { loadQuickJs } from "./quickjs/engine.js";
import { planPowerCuts } from "./power-cuts.js";
import type { Readings } from "./readings/readings.js";
import { partSeed, seedStream } from "./seed-stream.js";
import { Trace } from "./trace.js";

/** The broker's side of a simulation: scripts/fleet, or a broker of a test. */
export interface BrokerSide {
  attach(stream: Duplex): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export interface SimulationOptions {
  readonly board: Board;
  /** Minified application, run as it is. */
  readonly code: string;
  readonly pack?: Uint8Array | undefined;
  /** Of a board with slots; without it the application is `.bootcde`, and takes no updates. */
  readonly installation?: Installation | undefined;
  readonly keeper?: string | undefined;
  readonly profile: LinkProfile;
  readonly seed: number;
  readonly devices: number;
  readonly days: number;
  /** Unix time at which the run begins. */
  readonly startMs: number;
  /** Readings of one device, by its number from 0. */
  readings(device: number): Readings;
  /** What is wired to each device. */
  readonly parts?: readonly PartPlacement[] | undefined;
  readonly broker: BrokerSide;
  /** What the devices believe the broker's address to be. */
  readonly brokerHost?: string;
  readonly brokerPort?: number;
  readonly acknowledgement?: Acknowledgement;
  /** Public key that devices trust for updates. */
  readonly updateKey?: Uint8Array | undefined;
  /** Things that happen from outside, at times of the run. */
  readonly events?: readonly { readonly atMs: number; run(): void }[];
  /** Makes identities differ from those of an earlier run with the same seed in the same store. */
  readonly run?: number;
  readonly pace?: Pace;
  readonly trace?: Trace;
  print?(device: string, line: string): void;
  /** Called after every event. */
  progress?(nowMs: number): void;
  readonly maxPolls?: number;
  /** How often the power of each device is cut at random. */
  readonly powerCuts?: number;
  /** How long an inference holds the CPU. */
  readonly inferenceMs?: number | undefined;
  /** What the devices' sleep clocks are off by; drawn from the seed, within half of what the board's may, where absent. */
  readonly sleepClockPpm?: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** After the end links are repaired; so long the devices may take to deliver what waits. */
const DRAIN_MS = 6 * HOUR_MS;
/** Where devices find the broker. */
const BROKER_HOST = "broker.farm.example";
/** Devices are switched on one after another. */
const STAGGER_MS = 7000;

/** The key that a simulated device is provisioned with, 32 bytes. */
export function deviceKey(seed: number, device: string): Uint8Array {
  const random = seedStream(seed, `${device}/key`);
  return Uint8Array.from({ length: DEVICE_KEY_BYTES }, () => random.below(256));
}

/** Devices, links and virtual time. `run` once. */
export class Simulation {
  readonly devices: SimulatedDevice[] = [];
  readonly trace: Trace;
  readonly endMs: number;
  /** When the last record had arrived, or the waiting for it ended. */
  finishedMs = 0;
  readonly #options: SimulationOptions;
  readonly #loop: EventLoop;

  private constructor(options: SimulationOptions) {
    this.#options = options;
    this.trace = options.trace ?? new Trace();
    this.#loop = new EventLoop(() => options.broker.settled(), options.pace);
    this.endMs = options.days * DAY_MS;
  }

  /** Makes the devices with their files; nothing has booted yet. */
  static async create(options: SimulationOptions): Promise<Simulation> {
    const simulation = new Simulation(options);
    for (let index = 0; index < options.devices; index++) await simulation.#addDevice(index);
    return simulation;
  }

  get scheduler(): Scheduler {
    return this.#loop.scheduler;
  }

  get nowMs(): number {
    return this.#loop.nowMs;
  }

  /** Records that devices keep. */
  get waiting(): number {
    return this.devices.reduce((sum, device) => sum + device.counters.waiting, 0);
  }

  /** Boots all devices and lets the days pass; then repairs the links until everything has arrived. */
  async run(): Promise<void> {
    this.devices.forEach((device, index) => device.powerOn(index * STAGGER_MS));
    const { powerCuts = 0, seed } = this.#options;
    for (const device of this.devices) {
      planPowerCuts(device, powerCuts, this.endMs, this.scheduler, seedStream(seed, `${device.id}/power`));
    }
    for (const { atMs, run } of this.#options.events ?? [])
      this.scheduler.at(atMs, () => {
        run();
        this.#loop.disturb();
      });
    await this.runUntil(this.endMs);
    for (const device of this.devices) device.link.repair();
    await this.runUntil(this.endMs + DRAIN_MS, this.#drained());
    this.finishedMs = this.nowMs;
  }

  /** Lets events happen up to a time, or until a condition holds. */
  runUntil(limitMs: number, isDone?: () => boolean): Promise<void> {
    const { progress } = this.#options;
    return this.#loop.runUntil(limitMs, isDone, progress && (() => progress(this.nowMs)));
  }

  /** Ends `run` before its time. */
  stop(): void {
    this.#loop.stop();
  }

  /** Switches everything off and ends the trace. */
  dispose(): string {
    for (const device of this.devices) device.dispose();
    return this.trace.close();
  }

  /** True when nothing waits. At real pace a moment for each device is enough: they go on with their work meanwhile. */
  #drained(): () => boolean {
    const undrained = new Set(this.devices);
    return () => {
      for (const device of undrained) if (device.counters.waiting === 0) undrained.delete(device);
      return this.waiting === 0 || (undrained.size === 0 && !(this.#loop.pace instanceof FastPace));
    };
  }

  async #addDevice(index: number): Promise<void> {
    const { board, broker, profile, seed, startMs, maxPolls } = this.#options;
    const id = `d${index + 1}`;
    const link = new Link({
      scheduler: this.scheduler,
      random: seedStream(seed, `${id}/link`),
      profile,
      attach: (stream) => broker.attach(stream),
      disturbed: () => this.#loop.disturb(),
      trace: (what) => this.trace.add(this.nowMs, `link ${id}`, what),
    });
    const device = new SimulatedDevice({
      id,
      board,
      seed,
      scheduler: this.scheduler,
      quickJs: await loadQuickJs(),
      link,
      brokerHost: this.#options.brokerHost ?? BROKER_HOST,
      readings: this.#options.readings(index),
      ...(this.#options.parts && { parts: this.#options.parts }),
      startMs,
      sleepClockPpm: this.#options.sleepClockPpm ?? drawnPpm(board, seedStream(seed, `${id}/sleep clock`).uniform()),
      inferenceMs: this.#options.inferenceMs ?? 0,
      print: (line) => this.#options.print?.(id, line),
      trace: (what) => this.trace.add(this.nowMs, id, what),
      ...(maxPolls === undefined ? {} : { maxPolls }),
    });
    this.#install(device);
    this.devices.push(device);
  }

  #install(device: SimulatedDevice): void {
    const { acknowledgement, board, brokerHost, brokerPort, code, installation, keeper, pack, run, seed, updateKey } =
      this.#options;
    const provisioning = encodeProvisioning({
      device: device.id,
      incarnation: partSeed(seed, `${device.id}/${run ?? 0}`),
      brokerHost: brokerHost ?? BROKER_HOST,
      brokerPort: brokerPort ?? 1883,
      deviceKey: deviceKey(seed, device.id),
      // A radio that the application switches, where the board has one.
      ...(board.modules.includes("Wifi") && { wifiNetwork: "farm", wifiPassword: "simulated" }),
      ...(acknowledgement === undefined ? {} : { acknowledgement }),
      ...(updateKey && { updateKey }),
    });
    const built = { code, ...(pack && { pack }), ...(installation && { installation }), ...(keeper && { keeper }) };
    fillStorage(device.storage, board.storage, [
      { name: PROVISIONING_FILE, bytes: provisioning },
      ...storageFiles(built),
    ]);
  }
}

/** @param draw from 0 to 1 */
function drawnPpm({ deepSleep }: Board, draw: number): number {
  return typeof deepSleep === "string" ? 0 : (draw - 0.5) * deepSleep.clockPpm;
}
