import { readU32, writeU32 } from "../core/bytes.js";

const scratch = new Float64Array(1);
const scratchBytes = new Uint8Array(scratch.buffer);

/** A number as the bytes of a setting: unsigned 32 bits where that is exact, else a double; little-endian. */
export function numberBytes(value: number): Uint8Array {
  if (value >>> 0 === value) {
    const bytes = new Uint8Array(4);
    writeU32(bytes, 0, value);
    return bytes;
  }
  scratch[0] = value;
  return new Uint8Array(scratch.buffer);
}

/** The number that those bytes stand for; `fallback` where they are none. */
export function bytesNumber(bytes: Uint8Array | undefined, fallback: number): number {
  if (bytes === undefined) return fallback;
  if (bytes.length === 4) return readU32(bytes, 0);
  if (bytes.length !== 8) return fallback;
  for (let i = 0; i < 8; i++) scratchBytes[i] = bytes[i]!;
  return scratch[0]!;
}
