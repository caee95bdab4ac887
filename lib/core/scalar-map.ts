import type { CborReader } from "./cbor-reader.js";

/**
 * Reads a map of unsigned keys and scalar values. `values[key]` has the type that the value of a key must have, and stays
 * where the map lacks the key; keys beyond them are those of later versions and are passed over.
 * @returns -1, or the key whose value has another type, or the position where the bytes are no such map
 */
export function readScalars(reader: CborReader, values: unknown[]): number {
  for (let pairs = reader.map(); pairs > 0 && !reader.failed; pairs--) {
    const key = reader.unsigned();
    const value = reader.scalar();
    if (key < values.length) {
      if (typeof value !== typeof values[key]) return key;
      values[key] = value;
    }
  }
  return reader.failed ? reader.at : -1;
}
