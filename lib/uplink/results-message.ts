import { equalBytes, readU32, writeU32 } from "../core/bytes.js";
import { CborWriter } from "../core/cbor-writer.js";
import type { Outbox, Priority } from "../outbox/outbox.js";
import { SenmlLabel } from "./labels.js";
import { PROTOCOL_VERSION, RESULTS } from "./topics.js";

/** A CBOR array header of one byte holds at most this many items. */
export const MAX_BATCH_RECORDS = 23;
/** Room kept for one more record: its labels, the name of an output and a value. */
const RECORD_RESERVE = 40;

/** A record in the outbox: seconds (4 bytes), output (1), length of the origin (1), origin, value. */
const enum At {
  SECONDS = 0,
  OUTPUT = 4,
  ORIGIN = 5,
}

/** Greatest length of a record: 6 fixed bytes, 3 numbers of the origin and the value, 5 bytes each. */
export const MAX_RECORD_BYTES = 26;

/**
 * Makes records of results, and `results` messages of records (docs/protocol.md). The origin of a record is the CBOR
 * of its epoch, model id and model version, as the message repeats it: records of one origin share a message.
 */
export class ResultsMessage {
  /** The message that `build` made. */
  readonly writer = new CborWriter(new Uint8Array(RESULTS.maxBytes));
  /** The record that `encode` made. */
  readonly record = new CborWriter(new Uint8Array(MAX_RECORD_BYTES));
  /** Records in the message; 0 where nothing waits. */
  count = 0;
  /** Sequence of the last record in the message. */
  lastSequence = 0;

  private _originAt = 0;
  private _packAt = 0;
  private _baseSec = 0;

  /**
   * @param _baseName application name, without the slash
   * @param _outputs names of the outputs, by index
   */
  constructor(
    private readonly _baseName: string,
    private readonly _outputs: readonly string[],
    epoch: number,
    modelId: number,
    modelVersion: number,
  ) {
    const record = this.record;
    record.length = At.ORIGIN + 1;
    record.number(epoch);
    record.number(modelId);
    record.number(modelVersion);
    record.bytes[At.ORIGIN] = record.length - At.ORIGIN - 1;
  }

  /** Makes a record of this epoch and model. */
  encode(output: number, epochSec: number, value: number): void {
    const record = this.record;
    writeU32(record.bytes, At.SECONDS, epochSec);
    record.bytes[At.OUTPUT] = output;
    record.length = At.ORIGIN + 1 + record.bytes[At.ORIGIN]!;
    record.number(value);
  }

  /**
   * Fills `writer` with the oldest records of a class that share one origin.
   * @param nowSec seconds since the epoch began
   */
  build(outbox: Outbox, priority: Priority, nowSec: number): void {
    const writer = this.writer;
    this.count = 0;
    writer.reset();
    outbox.read(priority, 0, (sequence, bytes, start, end) => {
      const originAt = start + At.ORIGIN + 1;
      const originBytes = bytes[start + At.ORIGIN]!;
      const valueAt = originAt + originBytes;
      const sec = readU32(bytes, start + At.SECONDS);
      // Not a record of this kind: passed over.
      if (valueAt >= end) return true;
      if (this.count === 0) {
        writer.array(8);
        writer.number(PROTOCOL_VERSION);
        writer.number(outbox.incarnation);
        writer.number(sequence);
        this._originAt = writer.length;
        writer.raw(bytes, originAt, originBytes);
        // Nothing is known of the clock of an earlier epoch now: the record's own time is the best bound there is.
        writer.number(equalBytes(bytes, originAt - 1, this.record.bytes, At.ORIGIN, originBytes + 1) ? nowSec : sec);
        this._packAt = writer.length;
        writer.array(0);
        this._baseSec = sec;
      } else if (sec < this._baseSec || !equalBytes(bytes, originAt, writer.bytes, this._originAt, originBytes)) {
        return false;
      }
      this._entry(sequence, priority, sec - this._baseSec, bytes[start + At.OUTPUT]!);
      writer.raw(bytes, valueAt, end - valueAt);
      this.count++;
      this.lastSequence = sequence;
      return this.count < MAX_BATCH_RECORDS && writer.length + RECORD_RESERVE <= RESULTS.maxBytes;
    });
    writer.bytes[this._packAt] = 0x80 | this.count;
  }

  /** Writes a record of the pack up to its value, which comes last. */
  private _entry(sequence: number, priority: Priority, after: number, output: number): void {
    const writer = this.writer;
    const first = this.count === 0;
    // An application with one output says its name once, in the base name.
    const named = this._outputs.length > 1;
    const step = first ? 1 : sequence - this.lastSequence;
    writer.map(1 + (first ? 2 : 0) + (named ? 1 : 0) + (after ? 1 : 0) + (step > 1 ? 1 : 0) + priority);
    if (first) {
      writer.number(SenmlLabel.BASE_NAME);
      writer.text(this._baseName + "/" + (named ? "" : this._outputs[0]));
      this._pair(SenmlLabel.BASE_EPOCH_TIME, this._baseSec);
    }
    if (named) {
      writer.number(SenmlLabel.NAME);
      writer.text(this._outputs[output] || String(output));
    }
    if (after) this._pair(SenmlLabel.EPOCH_TIME, after);
    if (step > 1) this._pair(SenmlLabel.SEQUENCE_STEP, step);
    if (priority) this._pair(SenmlLabel.PRIORITY, priority);
    writer.number(SenmlLabel.VALUE);
  }

  private _pair(label: SenmlLabel, value: number): void {
    this.writer.number(label);
    this.writer.number(value);
  }
}
