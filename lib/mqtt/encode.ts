import { writeAscii } from "../core/bytes.js";

/** Begins a packet: first byte and remaining length (§2.2.3). Returns the position after them. */
export function putHeader(first: number, remaining: number, into: Uint8Array, at: number): number {
  into[at++] = first;
  for (; remaining > 127; remaining >>= 7) into[at++] = (remaining & 127) | 128;
  into[at++] = remaining;
  return at;
}

/** Writes a big-endian 16-bit number: a length or a packet id. */
export function putU16(value: number, into: Uint8Array, at: number): number {
  into[at] = value >> 8;
  into[at + 1] = value;
  return at + 2;
}

/** Writes an ASCII string with its length before it. */
export function putText(text: string, into: Uint8Array, at: number): number {
  return writeAscii(text, into, putU16(text.length, into, at));
}
