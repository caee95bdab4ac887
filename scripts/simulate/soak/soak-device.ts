import type { Board } from "../../../boards/index.js";
import { openFlashMemory } from "../../../lib/app/flash-memory.js";
import { jitterSeed } from "../../../lib/app/identity.js";
import type { SlotStore } from "../../../lib/hal/file-store.js";
import type { Platform } from "../../../lib/hal/platform.js";
import { ResetReason } from "../../../lib/hal/power.js";
import { MqttClient } from "../../../lib/mqtt/client.js";
import type { Interpreter } from "../../../lib/nn/interpreter.js";
import type { Outbox } from "../../../lib/outbox/outbox.js";
import { Priority } from "../../../lib/outbox/outbox.js";
import type { AckMode } from "../../../lib/uplink/delivery.js";
import { ModelResult } from "../../../lib/uplink/model-result.js";
import { DeviceState, stateStatus } from "../../../lib/uplink/status-message.js";
import { RESULTS, STATUS, topicPath } from "../../../lib/uplink/topics.js";
import { Uplink } from "../../../lib/uplink/uplink.js";
import type { SeededRandom } from "../../readings/seeded-random.js";
import type { Scheduler } from "../clock/scheduler.js";
import { PowerCut } from "../flash/power-cut.js";
import type { Link } from "../link/link.js";
import { partSeed, seedStream } from "../seed-stream.js";
import { deviceKey } from "../simulation.js";
import type { AirMeter } from "./air-meter.js";
import { DeviceFlash } from "./device-flash.js";
import { Ledger, type MadeResult } from "./ledger.js";
import { LinkTransport } from "./link-transport.js";
import { ScheduledClock } from "./scheduled-clock.js";

export interface SoakDeviceOptions {
  readonly id: string;
  readonly seed: number;
  readonly board: Board;
  readonly scheduler: Scheduler;
  readonly link: Link;
  readonly meter: AirMeter;
  readonly ackMode: AckMode;
  /** Time of the run's beginning, milliseconds since 1970. */
  readonly startMs: number;
}

/** Between two power cuts of a device, in the mean; an operation or two for each result. */
const OPERATIONS_BETWEEN_CUTS = 3000;
const OFF_MS = [1000, 60_000] as const;
const ALARM_PART = 0.01;
/** An int8 output with 256 steps between 0 and 1. */
const SCALE = 1 / 256;
const ZERO_POINT = -128;
const MODEL = { id: 0x50a40001, version: 1 };

/** Everything that a power cut takes away. */
interface Boot {
  readonly clock: ScheduledClock;
  readonly transport: LinkTransport;
  readonly client: MqttClient;
  readonly outbox: Outbox;
  readonly uplink: Uplink;
}

/**
 * A device of the soak: the uplink, outbox and MQTT client of lib/ as they are, over simulated flash, link and clock.
 * What makes results is left out: they are numbers drawn at random.
 */
export class SoakDevice {
  readonly ledger = new Ledger();
  powerCuts = 0;
  connections = 0;
  readonly #options: SoakDeviceOptions;
  readonly #flash: DeviceFlash;
  readonly #results: SeededRandom;
  readonly #accidents: SeededRandom;
  readonly #output = new Int8Array(1);
  readonly #result = new ModelResult();
  #boot: Boot | undefined;
  #isCutPlanned = false;
  #lastWaiting = 0;

  constructor(options: SoakDeviceOptions) {
    this.#options = options;
    this.#flash = new DeviceFlash(options.board);
    this.#results = seedStream(options.seed, `${options.id}/results`);
    this.#accidents = seedStream(options.seed, `${options.id}/accidents`);
  }

  get id(): string {
    return this.#options.id;
  }

  get link(): Link {
    return this.#options.link;
  }

  /** Results that the device keeps; while it is off, those that it kept before. */
  get waiting(): number {
    return (this.#lastWaiting = this.#boot?.uplink.waiting() ?? this.#lastWaiting);
  }

  /** Results that somebody has told the device are safe. */
  get delivered(): number {
    return this.ledger.count - this.waiting;
  }

  get isOn(): boolean {
    return this.#boot !== undefined;
  }

  get evicted(): number {
    const outbox = this.#boot?.outbox;
    return outbox === undefined ? 0 : outbox.evicted(Priority.NORMAL) + outbox.evicted(Priority.ALARM);
  }

  start(): void {
    this.#run(() => {
      const { ackMode, board, id, link, meter, scheduler, seed } = this.#options;
      const enter = (run: () => void): void => this.#run(run);
      const clock = new ScheduledClock(scheduler, enter);
      const transport = new LinkTransport(link, meter, enter);
      const { boots, outbox } = openFlashMemory(this.#flash, partSeed(seed, `${id}/incarnation`));
      const client = this.#client(clock, transport, boots);
      const facts = {
        incarnation: outbox.incarnation,
        epoch: boots,
        clockPpm: 0,
        resetReason: ResetReason.POWER_ON,
        application: "soak 1.0.0",
        runtime: "soak",
        modelId: MODEL.id,
        modelVersion: MODEL.version,
        board: board.id,
        boots,
      };
      const uplink = new Uplink(
        {
          device: id,
          application: "soak",
          outputs: ["value"],
          facts,
          state: DeviceState.ONLINE,
          ackMode,
          batchRecords: 10,
          batchAgeMs: 120_000,
          statusPeriodMs: 6 * 3_600_000,
        },
        outbox,
        client,
        platformOf(clock, transport),
      );
      this.#boot = { clock, transport, client, outbox, uplink };
      client.start();
    });
  }

  /** Makes a result and hands it to the uplink; a device that is off makes none. */
  makeResult(): void {
    if (this.#boot === undefined) return;
    const isAlarm = this.#results.uniform() < ALARM_PART;
    this.#output[0] = this.#results.below(256) - 128;
    const model = { output: this.#output, pack: { outputScale: SCALE, outputZeroPoint: ZERO_POINT } };
    this.#result.capture(model as unknown as Interpreter, 0);
    const madeAt = this.#options.startMs + this.#options.scheduler.nowMs;
    const made = { value: this.#result.value(), priority: isAlarm ? Priority.ALARM : Priority.NORMAL, madeAt };
    let isDecided = false;
    this.#run((boot) => {
      const sequence = boot!.uplink.report(0, this.#result, made.priority);
      isDecided = true;
      this.#decided(sequence, made);
    });
    // The power went in the middle of it.
    if (!isDecided) this.ledger.interrupted(made);
  }

  #decided(sequence: number, made: MadeResult): void {
    if (sequence <= 0) throw new Error(`${this.id}: the outbox refused a result: ${-sequence}`);
    this.ledger.accepted(sequence, made);
    // Not before a result was accepted: of two that were interrupted in a row nobody could say which is whole.
    if (!this.#isCutPlanned) this.#flash.planCut(this.#accidents, OPERATIONS_BETWEEN_CUTS);
    this.#isCutPlanned = true;
  }

  #client(clock: ScheduledClock, transport: LinkTransport, boots: number): MqttClient {
    const { ackMode, id, seed } = this.#options;
    const provisioning = {
      device: id,
      incarnation: partSeed(seed, `${id}/incarnation`),
      host: "broker",
      port: 1883,
      password: "",
      key: deviceKey(seed, id),
      network: "",
      networkPassword: "",
      updateSequence: 0,
      ackMode,
    };
    const options = {
      host: provisioning.host,
      port: provisioning.port,
      clientId: id,
      username: id,
      password: provisioning.password,
      will: { topic: topicPath(id, STATUS.name), payload: stateStatus(DeviceState.OFFLINE) },
      keepAliveSec: 120,
      maxInFlight: 3,
      maxPacketBytes: RESULTS.maxBytes + 64,
      maxReceiveBytes: 256,
      timeoutMs: 30_000,
      retry: { minMs: 5000, maxMs: 600_000 },
      jitterSeed: jitterSeed(provisioning, boots),
    };
    return new MqttClient(transport, clock, options, {
      onConnected: () => {
        this.connections++;
        this.#boot?.uplink.onConnected();
      },
      onClosed: (code) => this.#boot?.uplink.noteError(code),
      onPublished: (token) => this.#boot?.uplink.onPublished(token),
      onSubscribeRefused: (filter) => {
        throw new Error(`${id}: the broker refused ${filter}`);
      },
    });
  }

  /** Runs the device's code. Where the power goes meanwhile, that is the end of this boot. */
  #run(code: (boot: Boot | undefined) => void): void {
    try {
      code(this.#boot);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    if (this.#flash.off) this.#powerOff();
  }

  #powerOff(): void {
    const boot = this.#boot;
    this.#boot = undefined;
    this.#isCutPlanned = false;
    this.powerCuts++;
    boot?.clock.stop();
    boot?.transport.abandon();
    const [least, most] = OFF_MS;
    this.#options.scheduler.after(least + (most - least) * this.#accidents.uniform(), () => {
      this.#flash.restart();
      this.start();
    });
  }
}

const NO_FILES: SlotStore = {
  read: () => undefined,
  pieces: () => [],
  write: () => false,
  erase: () => undefined,
  check: () => -1,
  slotBytes: () => 0,
  clearSlot: () => undefined,
  writeSlot: () => undefined,
};

function platformOf(clock: ScheduledClock, transport: LinkTransport): Platform {
  return {
    clock,
    transport,
    files: NO_FILES,
    power: {
      maxSleepMs: 0,
      sleepClockMs: () => 0,
      resetReason: () => ResetReason.POWER_ON,
      deepSleep: () => undefined,
      restart: () => undefined,
      supplyMillivolts: () => 3300,
      measureSupply: () => undefined,
    },
    watchdog: { enable: () => undefined, feed: () => undefined },
    readings: { read: () => NaN },
    digest: undefined,
    flash: () => {
      throw new Error("a device of the soak brings its own flash");
    },
    radio: () => undefined,
    wallClockSec: () => 0,
    onCrash: () => undefined,
    handedOn: () => undefined,
    evaluate: () => undefined,
    freeMemory: () => 50_000,
    observe: () => undefined,
    log: () => undefined,
  };
}
