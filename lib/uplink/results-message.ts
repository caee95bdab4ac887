import { copyBytes, equalBytes, readU32, writeU32 } from "../core/bytes.js";
import { CborWriter } from "../core/cbor-writer.js";
import type { Outbox, Priority } from "../outbox/outbox.js";
import { SenmlLabel } from "./labels.js";
import { PROTOCOL_VERSION } from "./topics.js";

/** A CBOR array header of one byte holds at most this many items. */
export const MAX_BATCH_RECORDS = 23;
/**
 * Greatest length of a message that a device makes, well below what the protocol allows: each byte of it is held six
 * times, in the writer, in the packets of the window and in that of MQTT's own.
 */
export const MESSAGE_BYTES = 448;
/** Room kept for one more record: its labels, the name of an output and a value. */
const RECORD_RESERVE = 40;

/**
 * A record in the outbox, 16 bytes where its value is exact as a half: seconds of the epoch (4 bytes), its origin, that
 * is model id (4), epoch (3), version (11 bits), then the output (5 bits), and the value in CBOR.
 */
const enum At {
  SECONDS = 0,
  MODEL = 4,
  /** With the last byte of the model id in front of it. */
  EPOCH = 7,
  VERSION = 11,
  OUTPUT = 12,
  VALUE = 13,
}

const ORIGIN_BYTES = At.OUTPUT - At.MODEL;
const OUTPUT_BITS = 5;
const OUTPUT_MASK = 31;

/** Greatest length of a record: its value is a single. */
export const MAX_RECORD_BYTES = At.VALUE + 5;

/**
 * Makes records of results, and `results` messages of records (docs/protocol.md). Records of one epoch and model share
 * a message.
 */
export class ResultsMessage {
  /** The message that `build` made. */
  readonly writer = new CborWriter(new Uint8Array(MESSAGE_BYTES));
  /** The record that `encode` made. */
  readonly record = new CborWriter(new Uint8Array(MAX_RECORD_BYTES));
  /** Records in the message; 0 where nothing waits. */
  count = 0;
  /** Sequence of the last record in the message. */
  lastSequence = 0;

  private readonly _first = new Uint8Array(At.VALUE);
  private _packAt = 0;
  private _baseSec = 0;

  /**
   * @param _baseName application name, without the slash
   * @param _outputs names of the outputs, by index; at most 32
   * @param _epoch below 2^24
   * @param modelVersion below 2^11
   */
  constructor(
    private readonly _baseName: string,
    private readonly _outputs: readonly string[],
    private readonly _epoch: number,
    modelId: number,
    modelVersion: number,
  ) {
    const bytes = this.record.bytes;
    writeU32(bytes, At.EPOCH, _epoch * 256);
    writeU32(bytes, At.MODEL, modelId);
    bytes[At.VERSION] = modelVersion >> (8 - OUTPUT_BITS);
    bytes[At.OUTPUT] = modelVersion << OUTPUT_BITS;
  }

  /** Makes a record of this epoch and model. */
  encode(output: number, epochSec: number, value: number): void {
    const record = this.record;
    const bytes = record.bytes;
    writeU32(bytes, At.SECONDS, epochSec);
    bytes[At.OUTPUT] = (bytes[At.OUTPUT]! & ~OUTPUT_MASK) | output;
    record.length = At.VALUE;
    record.number(value);
  }

  /**
   * Fills `writer` with the oldest records of a class that share one origin.
   * @param nowSec seconds since the epoch began
   */
  build(outbox: Outbox, priority: Priority, nowSec: number): void {
    const writer = this.writer;
    const origin = this._first;
    this.count = 0;
    writer.reset();
    outbox.read(priority, 0, (sequence, bytes, start, end) => {
      const sec = readU32(bytes, start + At.SECONDS);
      const last = bytes[start + At.OUTPUT]!;
      // Not a record of this kind: passed over.
      if (start + At.VALUE >= end) return true;
      if (this.count === 0) {
        const epoch = readU32(bytes, start + At.EPOCH) >>> 8;
        copyBytes(bytes, start, origin, 0, At.VALUE);
        writer.array(8);
        writer.number(PROTOCOL_VERSION);
        writer.number(outbox.incarnation);
        writer.number(sequence);
        writer.number(epoch);
        writer.number(readU32(bytes, start + At.MODEL));
        writer.number((bytes[start + At.VERSION]! << (8 - OUTPUT_BITS)) | (last >> OUTPUT_BITS));
        // Nothing is known of the clock of an earlier epoch now: the record's own time is the best bound there is.
        writer.number(epoch === this._epoch ? nowSec : sec);
        this._packAt = writer.length;
        writer.array(0);
        this._baseSec = sec;
      } else if (
        sec < this._baseSec ||
        (last ^ origin[At.OUTPUT]!) > OUTPUT_MASK ||
        !equalBytes(bytes, start + At.MODEL, origin, At.MODEL, ORIGIN_BYTES)
      ) {
        return false;
      }
      this._entry(sequence, priority, sec - this._baseSec, last & OUTPUT_MASK);
      writer.raw(bytes, start + At.VALUE, end - start - At.VALUE);
      this.count++;
      this.lastSequence = sequence;
      return this.count < MAX_BATCH_RECORDS && writer.length + RECORD_RESERVE <= MESSAGE_BYTES;
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
