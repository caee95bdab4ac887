import { createHmac } from "node:crypto";
import { CborWriter } from "../../../lib/core/cbor-writer.js";
import { PROTOCOL_VERSION, TIME } from "../../../lib/uplink/topics.js";

/** HMAC-SHA-256 cut to its first half (RFC 2104 §5). */
const MAC_BYTES = 16;

/** How far the collector's own clock may be off: what NTP surely holds. */
export const CLOCK_UNCERTAINTY_MS = 1000;

/**
 * Encodes `time` of docs/protocol.md.
 * @param key the device's key, 32 bytes
 * @param nonce as the device's status gave it, 8 bytes
 * @param unixMs the collector's clock
 */
export function encodeTime(key: Uint8Array, nonce: Uint8Array, unixMs: number): Uint8Array {
  const writer = new CborWriter(new Uint8Array(TIME.maxBytes));
  const ms = Math.floor(unixMs);
  writer.array(6);
  writer.number(PROTOCOL_VERSION);
  writer.byteString(nonce, 0, nonce.length);
  writer.number(Math.floor(ms / 1000));
  writer.number(ms % 1000);
  writer.number(CLOCK_UNCERTAINTY_MS);
  const said = writer.bytes.subarray(0, writer.length);
  writer.byteString(createHmac("sha256", key).update(said).digest(), 0, MAC_BYTES);
  return writer.bytes.slice(0, writer.length);
}
