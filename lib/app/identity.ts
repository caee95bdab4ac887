import { writeAscii, writeU32 } from "../core/bytes.js";
import { crc32 } from "../core/crc32.js";
import type { Provisioning } from "./provisioning.js";

/** The incarnation of an outbox that begins with this boot: differs from boot to boot, and with the one that the host gave. */
export function bootIncarnation(provisioned: number, boots: number): number {
  const bytes = new Uint8Array(8);
  writeU32(bytes, 0, provisioned);
  writeU32(bytes, 4, boots);
  return crc32(bytes);
}

/** Seed of the jitter: engines' random numbers are the same on every device, so id, boot and key must make it. */
export function jitterSeed(provisioning: Provisioning, boots: number): number {
  const key = provisioning.key;
  const bytes = new Uint8Array(28 + key.length);
  writeU32(bytes, 0, boots);
  bytes.set(key, 4);
  writeAscii(provisioning.device, bytes, 4 + key.length);
  return crc32(bytes);
}
