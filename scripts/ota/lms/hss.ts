import { ErrorCode } from "../../../lib/core/error-code.js";
import type { Digest } from "../../../lib/hal/digest.js";
import { LmsVerifier, LMS_KEY_BYTES, MESSAGE_AT, MORE } from "../../../lib/crypto/lms.js";
import { nodeDigest } from "../node-digest.js";
import { parametersOf, signatureBytes } from "./parameters.js";

/** Bytes of an HSS public key: number of levels, LMS public key of the top. */
export const HSS_KEY_BYTES = 4 + LMS_KEY_BYTES;

const MAX_LEVELS = 8;

/** An HSS public key with one level, as devices know it. */
export function hssPublicKey(lmsKey: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, 1]), lmsKey]);
}

/** An HSS signature with one level. */
export function hssSignature(lmsSignature: Uint8Array): Buffer {
  return Buffer.concat([Buffer.alloc(4), lmsSignature]);
}

/** True where the key is HSS of one level with types that are known: what a device may be told to trust. */
export function isDeviceKey(key: Uint8Array): boolean {
  if (key.length !== HSS_KEY_BYTES) return false;
  const bytes = Buffer.from(key);
  return bytes.readUInt32BE(0) === 1 && parametersOf(bytes.readUInt32BE(4), bytes.readUInt32BE(8)) !== undefined;
}

/** Verifies an HSS signature of any number of levels (RFC 8554, algorithm 9) with the device's own code. */
export function verifyHss(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  digest: Digest = nodeDigest,
): boolean {
  if (publicKey.length !== HSS_KEY_BYTES || signature.length < 4) return false;
  const levels = Buffer.from(publicKey).readUInt32BE(0);
  const bytes = Buffer.from(signature);
  if (levels < 1 || levels > MAX_LEVELS || bytes.readUInt32BE(0) !== levels - 1) return false;
  let key = publicKey.subarray(4);
  let at = 4;
  for (let level = 1; level < levels; level++) {
    const end = at + lengthOf(key);
    const next = bytes.subarray(end, end + LMS_KEY_BYTES);
    if (next.length < LMS_KEY_BYTES || !verifyLms(key, next, bytes.subarray(at, end), digest)) return false;
    key = next;
    at = end + LMS_KEY_BYTES;
  }
  return verifyLms(key, message, bytes.subarray(at), digest);
}

/** Verifies one LMS signature. @param publicKey 56 bytes */
export function verifyLms(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  digest: Digest = nodeDigest,
): boolean {
  const copy = Uint8Array.from(signature);
  const room = new Uint8Array(MESSAGE_AT + message.length);
  room.set(message, MESSAGE_AT);
  const verifier = new LmsVerifier(digest, publicKey, 0, copy, 0, copy.length, room);
  let state = verifier.step();
  while (state === MORE) state = verifier.step();
  return state === (ErrorCode.OK as number);
}

function lengthOf(lmsKey: Uint8Array): number {
  const bytes = Buffer.from(lmsKey);
  const parameters = parametersOf(bytes.readUInt32BE(0), bytes.readUInt32BE(4));
  return parameters === undefined ? 0 : signatureBytes(parameters);
}
