import { decode } from "cbor-x";
import type { Platform } from "../../lib/hal/platform.js";
import type { Interpreter } from "../../lib/nn/interpreter.js";
import { Priority } from "../../lib/outbox/outbox.js";
import { AckMode } from "../../lib/uplink/delivery.js";
import { DeviceState } from "../../lib/uplink/status-message.js";
import { ModelResult } from "../../lib/uplink/model-result.js";
import { Uplink } from "../../lib/uplink/uplink.js";
import type { UplinkOptions } from "../../lib/uplink/uplink.js";
import { ramOutbox } from "../support/ram-outbox.js";
import { VirtualClock } from "../support/virtual-clock.js";
import { FakeMessenger } from "./fake-messenger.js";

export type Message = [number, number, number, number, number, number, number, Map<number, unknown>[]];

/** An uplink over a RAM outbox, a messenger that records, and a clock that is moved by hand. */
export class UplinkHarness {
  readonly clock = new VirtualClock();
  readonly messenger = new FakeMessenger();
  readonly outbox;
  readonly uplink: Uplink;
  readonly #result = new ModelResult();

  constructor(options: Partial<UplinkOptions> = {}, outbox = ramOutbox()) {
    this.outbox = outbox;
    const facts = {
      incarnation: 7,
      epoch: 3,
      clockPpm: 0,
      resetReason: 1,
      application: "test 1.0.0",
      runtime: "0.1.0",
      modelId: 0xdeadbeef,
      modelVersion: 2,
      board: "esp32",
      boots: 3,
    };
    const given: UplinkOptions = {
      device: "frost1",
      application: "frost",
      outputs: ["risk"],
      facts,
      state: DeviceState.ONLINE,
      ackMode: AckMode.PUBACK,
      batchRecords: 10,
      batchAgeMs: 600_000,
      statusPeriodMs: 6 * 3_600_000,
      ...options,
    };
    const platform = {
      clock: this.clock,
      power: { supplyMillivolts: () => 3300 },
      freeMemory: () => 50_000,
      wallClockSec: () => 0,
      observe: () => undefined,
    } as unknown as Platform;
    this.uplink = new Uplink(given, this.outbox, this.messenger, platform);
  }

  /** Reports one int8 output element as the interpreter would. */
  report(quantized: number, priority = Priority.NORMAL, output = 0): number {
    const interpreter = { output: new Int8Array([quantized]), pack: { outputScale: 1 / 256, outputZeroPoint: -128 } };
    this.#result.capture(interpreter as unknown as Interpreter, 0);
    return this.uplink.report(output, this.#result, priority);
  }

  connect(): void {
    this.messenger.online = true;
    this.uplink.onConnected();
  }

  /** Answers every message in flight. */
  acknowledgeAll(): void {
    for (const token of [...this.messenger.inFlight]) {
      this.messenger.inFlight.delete(token);
      this.uplink.onPublished(token);
    }
  }

  /** Results messages so far, decoded. */
  results(): Message[] {
    return this.messenger.published
      .filter(({ topic }) => topic.endsWith("/results"))
      .map(({ payload }) => asMaps(payload));
  }
}

function asMaps(payload: Uint8Array): Message {
  const plain = decode(payload) as unknown[];
  const records = (plain[7] as object[]).map((entry) =>
    entry instanceof Map
      ? (entry as Map<number, unknown>)
      : new Map(Object.entries(entry).map(([key, value]) => [Number(key), value])),
  );
  return [...plain.slice(0, 7), records] as Message;
}
