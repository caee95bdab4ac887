import { CborWriter } from "../core/cbor-writer.js";
import type { Outbox } from "../outbox/outbox.js";
import { Priority } from "../outbox/outbox.js";
import { SenmlLabel } from "./labels.js";
import { ResultRecord } from "./result-record.js";
import { PROTOCOL_VERSION, RESULTS } from "./topics.js";

/** A CBOR array header of one byte holds at most this many items. */
export const MAX_BATCH_RECORDS = 23;
/** Room kept for one more record: labels, name step and a double. */
const RECORD_RESERVE = 40;

/** Builds `results` messages (docs/protocol.md) from what waits in an outbox. */
export class ResultsMessage {
  readonly writer = new CborWriter(new Uint8Array(RESULTS.maxBytes));
  /** Records in the message; 0 where nothing waits. */
  count = 0;
  /** Sequence of the last record in the message. */
  lastSequence = 0;
  /** Records in the outbox that are not results, passed over. */
  damaged = 0;

  private readonly _first = new ResultRecord();
  private readonly _next = new ResultRecord();
  private _packAt = 0;

  /**
   * @param _baseName application name, without the slash
   * @param _outputs names of the outputs, by index
   */
  constructor(
    private readonly _baseName: string,
    private readonly _outputs: readonly string[],
    private readonly _limit: number,
  ) {}

  /**
   * Fills `writer` with the oldest records of a class from `fromSequence` on that share one epoch and one model.
   * `nowSec` and `nowEpoch` say when it is sent.
   * @param previous sequence of the unacknowledged record before, 0 for none; below 0 leaves it out of the message
   */
  build(
    outbox: Outbox,
    priority: Priority,
    fromSequence: number,
    nowEpoch: number,
    nowSec: number,
    previous: number,
  ): void {
    this.count = 0;
    this.writer.reset();
    let baseSec = 0;
    outbox.read(priority, fromSequence, (sequence, bytes, start, end) => {
      if (!this._next.decode(bytes, start, end)) {
        this.damaged++;
        return true;
      }
      if (this.count === 0) {
        this._first.decode(bytes, start, end);
        baseSec = this._first.epochSec();
        this._begin(outbox.incarnation, sequence, nowEpoch, nowSec, previous < 0 ? 8 : 9);
      } else if (!this._fits(baseSec)) return false;
      this._record(sequence, priority, baseSec);
      return this.count < this._limit && this.writer.length + RECORD_RESERVE <= RESULTS.maxBytes;
    });
    if (this.count === 0) return;
    this.writer.bytes[this._packAt] = 0x80 | this.count;
    if (previous >= 0) this.writer.number(previous);
  }

  private _begin(incarnation: number, sequence: number, nowEpoch: number, nowSec: number, items: number): void {
    const writer = this.writer;
    writer.array(items);
    writer.number(PROTOCOL_VERSION);
    writer.number(incarnation);
    writer.number(this._first.epoch());
    writer.number(sequence);
    writer.number(this._first.modelId());
    writer.number(this._first.modelVersion());
    // A record of an earlier epoch says nothing of that epoch's clock now: its own time is the best bound there is.
    writer.number(this._first.epoch() === nowEpoch ? nowSec : this._first.epochSec());
    this._packAt = writer.length;
    writer.array(0);
  }

  /** True where the next record may share the message of the first. */
  private _fits(baseSec: number): boolean {
    const next = this._next;
    const first = this._first;
    return (
      next.epoch() === first.epoch() &&
      next.modelId() === first.modelId() &&
      next.modelVersion() === first.modelVersion() &&
      next.epochSec() >= baseSec
    );
  }

  private _record(sequence: number, priority: Priority, baseSec: number): void {
    const writer = this.writer;
    const first = this.count === 0;
    // An application with one output says its name once, in the base name.
    const named = this._outputs.length > 1;
    const after = this._next.epochSec() - baseSec;
    const step = first ? 1 : sequence - this.lastSequence;
    writer.map(1 + (first ? 2 : 0) + (named ? 1 : 0) + (after ? 1 : 0) + (step > 1 ? 1 : 0) + priority);
    if (first) {
      writer.number(SenmlLabel.BASE_NAME);
      writer.text(this._baseName + "/" + (named ? "" : this._outputs[0]));
      this._pair(SenmlLabel.BASE_EPOCH_TIME, baseSec);
    }
    if (named) {
      writer.number(SenmlLabel.NAME);
      writer.text(this._outputs[this._next.output()] || String(this._next.output()));
    }
    writer.number(SenmlLabel.VALUE);
    this._next.writeValue(writer);
    if (after) this._pair(SenmlLabel.EPOCH_TIME, after);
    if (step > 1) this._pair(SenmlLabel.SEQUENCE_STEP, step);
    if (priority) this._pair(SenmlLabel.PRIORITY, priority);
    this.count++;
    this.lastSequence = sequence;
  }

  private _pair(label: SenmlLabel, value: number): void {
    this.writer.number(label);
    this.writer.number(value);
  }
}
