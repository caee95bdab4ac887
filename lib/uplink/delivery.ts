import type { Outbox } from "../outbox/outbox.js";
import type { Priority } from "../outbox/outbox.js";

/** What makes a record delivered: the broker's PUBACK, or the collector's own `ack` message. */
export const enum AckMode {
  PUBACK = 0,
  COLLECTOR = 1,
}

/** A batch that has been handed to MQTT and is not acknowledged yet. */
interface Flight {
  readonly token: number;
  readonly lastSequence: number;
  published: boolean;
}

/**
 * Follows the batches of one priority class from sending to acknowledgement. Marks are cumulative, so a batch is
 * acknowledged in the outbox only once all batches before it are.
 */
export class Delivery {
  /** Sequence from which the next batch begins. */
  nextSequence = 0;
  /** Records waiting that no batch in flight holds. */
  unsent: number;
  /** When the oldest of them came. */
  oldestMs = 0;

  private _flights: Flight[] = [];
  private _publishedMs = 0;
  private _unconfirmed = false;

  constructor(
    readonly priority: Priority,
    private readonly _outbox: Outbox,
    private readonly _mode: AckMode,
  ) {
    this.unsent = _outbox.waiting(priority);
  }

  appended(nowMs: number): void {
    if (this.unsent++ === 0) this.oldestMs = nowMs;
  }

  /** Batches handed to MQTT without PUBACK. */
  inFlight(): number {
    return this._flights.length;
  }

  sent(token: number, lastSequence: number, records: number): void {
    this._flights.push({ token: token, lastSequence: lastSequence, published: false });
    this.nextSequence = lastSequence + 1;
    this.unsent = Math.max(0, this.unsent - records);
  }

  /**
   * What a results message says of the record before its first, so that the collector can tell its gaps: the sequence
   * where that record is unacknowledged, 0 where there is none, -1 where PUBACK is all that counts.
   */
  previous(): number {
    if (this._mode === AckMode.PUBACK) return -1;
    let oldest = this.nextSequence;
    this._outbox.read(this.priority, 0, (sequence) => {
      oldest = sequence;
      return false;
    });
    return oldest < this.nextSequence ? this.nextSequence - 1 : 0;
  }

  /** The broker has the message of this token; true where it was one of this class. */
  published(token: number, nowMs: number): boolean {
    let mine = false;
    for (let i = 0; i < this._flights.length; i++) {
      if (this._flights[i]!.token === token) {
        this._flights[i]!.published = true;
        mine = true;
      }
    }
    while (this._flights.length > 0 && this._flights[0]!.published) {
      const flight = this._flights.shift()!;
      if (this._mode === AckMode.PUBACK) this._outbox.acknowledge(this.priority, flight.lastSequence);
      else this._wait(nowMs);
    }
    return mine;
  }

  /** The collector has committed everything up to this sequence. */
  confirmed(sequence: number, nowMs: number): void {
    // Below what the broker was given: an answer about an earlier life of this sequence changes nothing.
    if (sequence >= this.nextSequence) return;
    this._outbox.acknowledge(this.priority, sequence);
    this._unconfirmed = sequence < this.nextSequence - 1;
    this._publishedMs = nowMs;
  }

  /** Sends again from the oldest unacknowledged record when the collector has been silent for too long. */
  checkSilence(nowMs: number, patienceMs: number): void {
    if (!this._unconfirmed || this._flights.length > 0 || nowMs - this._publishedMs < patienceMs) return;
    this._unconfirmed = false;
    this.nextSequence = 0;
    this.unsent = this._outbox.waiting(this.priority);
  }

  private _wait(nowMs: number): void {
    this._unconfirmed = true;
    this._publishedMs = nowMs;
  }
}
