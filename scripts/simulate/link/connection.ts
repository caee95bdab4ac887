import type { SeededRandom } from "../../readings/seeded-random.js";
import type { Cancel, Scheduler } from "../clock/scheduler.js";
import { BrokerStream } from "./broker-stream.js";
import { brokerPatienceMs } from "./keep-alive.js";

/** What a device hears of its connection. */
export interface ConnectionListener {
  received(bytes: Uint8Array): void;
  /** Closed by the other side, or found to be gone. */
  closed(hadError: boolean): void;
}

/** What a connection needs of the link it goes over. */
export interface Air {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly up: boolean;
  latencyMs(): number;
  countUp(bytes: Uint8Array): void;
  countDown(bytes: Uint8Array): void;
  /** Bytes are moving towards the broker or it lost a connection: it will have work. */
  disturbed(): void;
  forget(connection: LinkConnection): void;
}

/** Bytes of one segment, as lwIP has them: what arrives at a device comes in pieces of this size at most. */
const SEGMENT_BYTES = 536;
/** Part of the broken connections of which the network itself forgets: no reset ever comes back. */
const SILENT_PART = 0.4;

/**
 * One TCP connection over a link. It keeps the order of bytes. Once severed, whatever is under way or written later
 * vanishes, and each side learns of it in its own time: the device when it writes and a reset comes back, or never;
 * the broker by its patience.
 */
export class LinkConnection {
  readonly #air: Air;
  readonly #stream: BrokerStream;
  #listener: ConnectionListener | undefined;
  #severed = false;
  #brokerOpen = true;
  #resetting = false;
  #upMs = 0;
  #downMs = 0;
  #head: Uint8Array = new Uint8Array(0);
  #patience: Cancel = () => undefined;

  constructor(air: Air, listener: ConnectionListener, attach: (stream: BrokerStream) => void) {
    this.#air = air;
    this.#listener = listener;
    this.#stream = new BrokerStream({
      sent: (bytes) => this.#fromBroker(bytes),
      closed: () => this.#brokerClosed(),
    });
    attach(this.#stream);
    air.disturbed();
    this.#restartPatience();
  }

  /** Bytes leave the device. */
  write(bytes: Uint8Array): void {
    if (!this.#air.up) return;
    if (this.#severed || !this.#brokerOpen) return this.#reset();
    this.#air.countUp(bytes);
    this.#upMs = Math.max(this.#upMs, this.#air.scheduler.nowMs + this.#air.latencyMs());
    this.#air.scheduler.at(this.#upMs, () => {
      if (this.#severed || !this.#brokerOpen) return;
      if (this.#head.length < 64) this.#head = Uint8Array.from([...this.#head, ...bytes]);
      this.#restartPatience();
      this.#stream.push(bytes);
      this.#air.disturbed();
    });
  }

  /** The device closes its side; the broker hears of it where the link still carries. */
  end(): void {
    this.#listener = undefined;
    if (!this.#air.up || this.#severed) return;
    this.#upMs = Math.max(this.#upMs, this.#air.scheduler.nowMs + this.#air.latencyMs());
    this.#air.scheduler.at(this.#upMs, () => {
      if (!this.#severed) this.#closeBroker();
    });
  }

  /** The device is off: nobody listens, and nobody tells the broker. */
  abandon(): void {
    this.#listener = undefined;
    this.#severed = true;
  }

  /** The path is gone, and what is on it. */
  sever(): void {
    this.#severed = true;
  }

  #fromBroker(bytes: Uint8Array): void {
    if (this.#severed || !this.#air.up) return;
    this.#air.countDown(bytes);
    for (let at = 0; at < bytes.length; at += SEGMENT_BYTES) {
      const piece = bytes.slice(at, at + SEGMENT_BYTES);
      this.#downMs = Math.max(this.#downMs, this.#air.scheduler.nowMs + this.#air.latencyMs());
      this.#air.scheduler.at(this.#downMs, () => {
        if (!this.#severed) this.#listener?.received(piece);
      });
    }
  }

  #brokerClosed(): void {
    if (!this.#brokerOpen) return;
    this.#brokerOpen = false;
    this.#patience();
    this.#air.forget(this);
    if (this.#severed || !this.#air.up) return;
    this.#downMs = Math.max(this.#downMs, this.#air.scheduler.nowMs + this.#air.latencyMs());
    this.#air.scheduler.at(this.#downMs, () => {
      if (!this.#severed) this.#tellClosed(false);
    });
  }

  /** Something was written to a connection that the other end does not know: a reset comes back, mostly. */
  #reset(): void {
    if (this.#resetting) return;
    this.#resetting = true;
    if (this.#air.random.uniform() < SILENT_PART) return;
    this.#air.scheduler.after(2 * this.#air.latencyMs(), () => {
      if (this.#air.up) this.#tellClosed(true);
      else this.#resetting = false;
    });
  }

  #tellClosed(hadError: boolean): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed(hadError);
  }

  #restartPatience(): void {
    this.#patience();
    const patienceMs = brokerPatienceMs(this.#head);
    if (patienceMs === Infinity) return;
    this.#patience = this.#air.scheduler.after(patienceMs, () => this.#closeBroker());
  }

  #closeBroker(): void {
    if (!this.#brokerOpen) return;
    this.#stream.destroy();
    this.#brokerClosed();
    this.#air.disturbed();
  }
}
