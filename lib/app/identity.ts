import { writeAscii, writeU32 } from "../core/bytes.js";
import { crc32 } from "../core/crc32.js";
import type { Provisioning } from "./provisioning.js";

/** The incarnation of an outbox that begins with this boot: differs from boot to boot, and with the one that the host gave. */
export function bootIncarnation(provisioned: number, boots: number): number {
  const bytes = new Uint8Array(8);
  writeU32(bytes, 0, provisioned);
  writeU32(bytes, 4, boots);
  return crc32(bytes, 0, 8, 0);
}

/** Seed of the jitter: engines' random numbers are the same on every device, so id, boot and key must make it. */
export function jitterSeed(provisioning: Provisioning, boots: number): number {
  const id = new Uint8Array(24);
  writeAscii(provisioning.device, id, 0);
  const key = provisioning.key;
  // The boot number goes through a CRC of its own: as a plain seed, near ids and boots could cancel out.
  return crc32(key, 0, key.length, crc32(id, 0, id.length, bootIncarnation(0, boots)));
}
