import { CborReader } from "../core/cbor-reader.js";
import { CborWriter } from "../core/cbor-writer.js";

/** Greatest length of an encoded record: two 1-byte, four 5-byte numbers and a double. */
export const MAX_RECORD_BYTES = 32;

/** A result as it waits in the outbox: enough to send it in another epoch, with another model active. */
export class ResultRecord {
  output = 0;
  epoch = 0;
  epochSec = 0;
  modelId = 0;
  modelVersion = 0;
  value = 0;

  /** Writes six CBOR numbers, about 15 bytes. */
  encode(writer: CborWriter): void {
    writer.number(this.output);
    writer.number(this.epoch);
    writer.number(this.epochSec);
    writer.number(this.modelId);
    writer.number(this.modelVersion);
    writer.number(this.value);
  }

  /** Reads what `encode` wrote; false where the bytes are something else. */
  decode(bytes: Uint8Array, start: number, end: number): boolean {
    const reader = new CborReader(bytes, start, end);
    this.output = reader.unsigned();
    this.epoch = reader.unsigned();
    this.epochSec = reader.unsigned();
    this.modelId = reader.unsigned();
    this.modelVersion = reader.unsigned();
    this.value = reader.number();
    return !reader.failed && reader.at === end;
  }

  /** True where both may share one message. */
  sameMessage(other: ResultRecord): boolean {
    return this.epoch === other.epoch && this.modelId === other.modelId && this.modelVersion === other.modelVersion;
  }
}
