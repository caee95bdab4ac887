import { ErrorCode } from "../core/error-code.js";

// Encoders return the position after what they wrote, or a negated ErrorCode; a negative position passes through, so
// a packet is put together without a check at each step.

/**
 * Begins a packet: first byte and remaining length (§2.2.3).
 * @returns the position after them; -MQTT_PACKET_TOO_BIG where the whole packet does not fit `into`
 */
export function putHeader(first: number, remaining: number, into: Uint8Array, at: number): number {
  const size = remaining < 128 ? 1 : remaining < 16384 ? 2 : remaining < 2097152 ? 3 : 4;
  if (at + 1 + size + remaining > into.length) return -ErrorCode.MQTT_PACKET_TOO_BIG;
  into[at++] = first;
  for (; remaining > 127; remaining >>= 7) into[at++] = (remaining & 127) | 128;
  into[at++] = remaining;
  return at;
}

/** Writes a big-endian 16-bit number: a length or a packet id. */
export function putU16(value: number, into: Uint8Array, at: number): number {
  if (at < 0) return at;
  into[at] = value >> 8;
  into[at + 1] = value;
  return at + 2;
}

/**
 * Writes a string with its length before it. Only U+0001 to U+007F: engines disagree on other characters.
 * @returns -MQTT_TOPIC_INVALID for another character [MQTT-1.5.3-1] [MQTT-1.5.3-2], or too many [MQTT-4.7.3-3]
 */
export function putText(text: string, into: Uint8Array, at: number): number {
  at = text.length < 65536 ? putU16(text.length, into, at) : -ErrorCode.MQTT_TOPIC_INVALID;
  for (let i = 0; at >= 0 && i < text.length; i++) {
    const code = text.charCodeAt(i);
    at = code > 0 && code < 128 ? at + 1 : -ErrorCode.MQTT_TOPIC_INVALID;
    if (at > 0) into[at - 1] = code;
  }
  return at;
}
