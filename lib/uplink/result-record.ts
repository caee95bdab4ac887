import { copyBytes, readU16, readU32, writeU16, writeU32 } from "../core/bytes.js";
import { CborWriter } from "../core/cbor-writer.js";

/** Epoch, seconds, model id: 4 bytes each; model version 2; output 1. The value follows as one CBOR number. */
const FIXED_BYTES = 15;

/** Greatest length of a record: the value is at most a 5-byte single. */
export const MAX_RECORD_BYTES = FIXED_BYTES + 9;

/** A result as it waits in the outbox: enough to send it in another epoch, with another model active. */
export class ResultRecord {
  /** The record; `length` bytes count. */
  readonly bytes = new Uint8Array(MAX_RECORD_BYTES);
  length = 0;

  private readonly _writer = new CborWriter(this.bytes);

  encode(output: number, epoch: number, epochSec: number, modelId: number, modelVersion: number, value: number): void {
    const bytes = this.bytes;
    writeU32(bytes, 0, epoch);
    writeU32(bytes, 4, epochSec);
    writeU32(bytes, 8, modelId);
    writeU16(bytes, 12, modelVersion);
    bytes[14] = output;
    this._writer.reset();
    this._writer.length = FIXED_BYTES;
    this._writer.number(value);
    this.length = this._writer.length;
  }

  /** Takes what `encode` made; false where the bytes cannot be that. */
  decode(bytes: Uint8Array, start: number, end: number): boolean {
    this.length = end - start;
    if (this.length <= FIXED_BYTES || this.length > MAX_RECORD_BYTES) return false;
    copyBytes(bytes, start, this.bytes, 0, this.length);
    return true;
  }

  output(): number {
    return this.bytes[14]!;
  }

  epoch(): number {
    return readU32(this.bytes, 0);
  }

  epochSec(): number {
    return readU32(this.bytes, 4);
  }

  modelId(): number {
    return readU32(this.bytes, 8);
  }

  modelVersion(): number {
    return readU16(this.bytes, 12);
  }

  /** Writes the value as the CBOR number that it is. */
  writeValue(writer: CborWriter): void {
    writer.raw(this.bytes, FIXED_BYTES, this.length - FIXED_BYTES);
  }
}
