import type { AckLevels } from "../messages/ack.js";
import { decodeMessage } from "../messages/message.js";
import { Refusal } from "../messages/refusal.js";
import type { UpdateRequest } from "../messages/update-request.js";
import { CommitQueue } from "../store/commit-queue.js";
import type { Arrival, Outcome, Store } from "../store/store.js";

/** A publication of a device, from the embedded broker or another. */
export interface Delivery {
  readonly device: string;
  /** Topic below `sertao/v1/<device>/`. */
  readonly name: string;
  readonly payload: Uint8Array;
  readonly connectedAt?: number;
  readonly retained?: boolean;
}

/** Where a collector tells of its work. */
export interface CollectorOptions {
  now(): number;
  /** Sends an `ack` message; absent where the broker's PUBACK follows the commit and none is needed. */
  sendAck?: ((device: string, incarnation: number, levels: AckLevels) => void) | undefined;
  /** Answers a status that asks for the time. */
  tellTime?: ((device: string, nonce: Uint8Array) => void) | undefined;
  /** Answers a request for a part of an update. */
  answerRequest?: ((device: string, request: UpdateRequest) => Promise<void>) | undefined;
  /** Called after each commit. */
  committed?: ((arrival: Arrival, outcome: Outcome) => void) | undefined;
}

/** A device that fetches an update was seen: that is committed once in this time, not with each request. */
const SEEN_MS = 60_000;
/** Devices of which it is remembered. */
const MAX_SEEN = 10_000;

/** Decodes what devices send and commits it. */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #queue: CommitQueue;
  readonly #seen = new Map<string, number>();

  constructor(store: Store, options: CollectorOptions) {
    this.#options = options;
    this.#queue = new CommitQueue(store);
  }

  /** Deliveries that are not committed yet. */
  get unfinished(): number {
    return this.#queue.unfinished;
  }

  /**
   * Resolves when the delivery is durable. What is not a message is stored as refused and resolves too: a device that
   * sent it again would get nowhere.
   */
  async receive(delivery: Delivery): Promise<void> {
    const arrival = this.#arrival(delivery);
    this.#tellTime(arrival);
    if (arrival.message.kind === "update/request") {
      await this.#options.answerRequest?.(arrival.device, arrival.message);
      if (this.#wasSeen(arrival)) return;
    }
    const outcome = await this.#queue.push(arrival);
    this.#options.committed?.(arrival, outcome);
    this.#acknowledge(arrival, outcome);
  }

  /** A flood of requests must not become one of commits. */
  #wasSeen({ device, receivedAt }: Arrival): boolean {
    if (Math.abs(receivedAt - (this.#seen.get(device) ?? -Infinity)) < SEEN_MS) return true;
    if (this.#seen.size >= MAX_SEEN) this.#seen.clear();
    this.#seen.set(device, receivedAt);
    return false;
  }

  #arrival(delivery: Delivery): Arrival {
    const { device, name, payload, connectedAt, retained } = delivery;
    const context = {
      device,
      receivedAt: this.#options.now(),
      ...(connectedAt === undefined ? {} : { connectedAt }),
      ...(retained === true ? { retained } : {}),
      ...(this.#options.sendAck === undefined ? {} : { asksLevels: true }),
    };
    try {
      return { ...context, message: decodeMessage(name, payload) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // The buffer may be a view of a larger one that the broker uses again.
      const bytes = Uint8Array.from(payload);
      return { ...context, message: { kind: "refused", topic: name, reason: error.message, bytes } };
    }
  }

  /** At once: while the disk is waited for, the answer would grow old. Nobody waits for that of a retained copy. */
  #tellTime({ device, message, retained }: Arrival): void {
    if (message.kind !== "status" || message.nonce === undefined || retained === true) return;
    this.#options.tellTime?.(device, message.nonce);
  }

  /** Of what was committed with it: the levels are as of this arrival. */
  #acknowledge({ device, message }: Arrival, { levels }: Outcome): void {
    if (levels === undefined || !("incarnation" in message) || message.incarnation === undefined) return;
    this.#options.sendAck?.(device, message.incarnation, levels);
  }
}
