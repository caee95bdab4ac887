import type { Connection, ConnectionEvents, Transport } from "../../lib/hal/transport.js";
import type { Scheduler } from "../../scripts/simulate/clock/scheduler.js";

export interface ThinLinkOptions {
  readonly scheduler: Scheduler;
  /** Both ways together. */
  readonly bytesPerSec: number;
  /** The link is up for so long, every so often. */
  readonly upMs: number;
  readonly everyMs: number;
  /** What travels whole or not at all. */
  readonly frameBytes: number;
  /** Gives a connection to the broker. @returns hears what arrives there */
  attach(send: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void;
}

/**
 * A link that carries little and rarely, one direction at a time. What is on it when it goes down is lost and was sent;
 * nobody is told.
 */
export class ThinLink {
  /** Bytes of the connections' payload that were on the air. */
  bytesUp = 0;
  bytesDown = 0;
  connections = 0;
  readonly #options: ThinLinkOptions;
  #busyUntilMs = 0;

  constructor(options: ThinLinkOptions) {
    this.#options = options;
  }

  /** The link as one boot of the device has it. @param enter runs what happens as the device's own code */
  transport(enter: (run: () => void) => void): Transport {
    return { open: (_host, _port, events) => this.#open(events, enter) };
  }

  get isUp(): boolean {
    const { scheduler, upMs, everyMs } = this.#options;
    return scheduler.nowMs % everyMs < upMs;
  }

  #open(events: ConnectionEvents, enter: (run: () => void) => void): Connection {
    const { scheduler, attach } = this.#options;
    let isOpen = true;
    const opened = this.#window();
    const tell = (run: () => void): void => {
      if (isOpen) enter(run);
    };
    const toBroker = attach((bytes) =>
      this.#carry(
        bytes,
        opened,
        (frame) => (this.bytesDown += frame.length),
        (frame) => tell(() => events.onData(frame)),
      ),
    );
    if (this.isUp) {
      this.connections++;
      scheduler.after(0, () => tell(() => events.onOpen()));
    }
    return {
      write: (bytes, length) => {
        this.#carry(
          bytes.slice(0, length),
          opened,
          (frame) => (this.bytesUp += frame.length),
          (frame) => toBroker(frame),
        );
        scheduler.after(0, () => tell(() => events.onDrain()));
      },
      close: () => {
        isOpen = false;
      },
    };
  }

  #window(): number {
    return Math.floor(this.#options.scheduler.nowMs / this.#options.everyMs);
  }

  /** Sends bytes frame by frame, as long as the link stays up. */
  #carry(
    bytes: Uint8Array,
    opened: number,
    sent: (frame: Uint8Array) => void,
    arrived: (frame: Uint8Array) => void,
  ): void {
    const { scheduler, bytesPerSec, frameBytes, upMs, everyMs } = this.#options;
    const endMs = opened * everyMs + upMs;
    for (let at = 0; at < bytes.length; at += frameBytes) {
      const frame = bytes.slice(at, at + frameBytes);
      const startMs = Math.max(this.#busyUntilMs, scheduler.nowMs);
      const arrivesMs = startMs + (frame.length * 1000) / bytesPerSec;
      if (startMs >= endMs) return;
      this.#busyUntilMs = Math.min(arrivesMs, endMs);
      sent(frame);
      if (arrivesMs <= endMs) scheduler.at(arrivesMs, () => arrived(frame));
    }
  }
}
