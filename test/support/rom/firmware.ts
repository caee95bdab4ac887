import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Board } from "../../../boards/index.js";
import { SeededRandom } from "../../../scripts/readings/seeded-random.js";

const HEADER_BYTES = 24;

export interface ImageOptions {
  readonly chipId?: number;
  /** Bytes of the one segment. */
  readonly bytes?: number;
  readonly seed?: number;
  readonly digest?: boolean;
}

/** An image that a bootloader would accept, with bytes from a seed in place of code. */
export function makeImage({ chipId = 0, bytes = 1000, seed = 1, digest = true }: ImageOptions = {}): Uint8Array {
  const random = new SeededRandom(seed);
  const body = HEADER_BYTES + 8 + bytes;
  const image = new Uint8Array(body + 16 - (body % 16));
  const view = new DataView(image.buffer);
  image.set([0xe9, 1, 2, 0x20]);
  view.setUint16(12, chipId, true);
  image[23] = digest ? 1 : 0;
  view.setUint32(HEADER_BYTES, 0x3f400020, true);
  view.setUint32(HEADER_BYTES + 4, bytes, true);
  let checksum = 0xef;
  // Half of it repeats, as code does, so that it packs.
  for (let i = HEADER_BYTES + 8; i < body; i++) {
    image[i] = (i & 64) === 0 ? random.below(256) : i & 15;
    checksum ^= image[i]!;
  }
  image[image.length - 1] = checksum;
  return digest ? Buffer.concat([image, createHash("sha256").update(image).digest()]) : image;
}

/** Name, type, subtype, address, bytes. */
export type Entry = readonly [string, number, number, number, number];

/** Espruino's partitions on the ESP32 (targets/esp32/Changes_V3.1/partitions_espruino.csv). */
export const ESP32_PARTITIONS: readonly Entry[] = [
  ["nvs", 1, 0x02, 0x9000, 0x3000],
  ["otadata", 1, 0x00, 0xc000, 0x2000],
  ["free", 1, 0x40, 0xe000, 0x2000],
  ["factory", 0, 0x00, 0x10000, 0x180000],
  ["ota_0", 0, 0x10, 0x190000, 0x180000],
  ["flash", 1, 0x40, 0x310000, 0x10000],
  ["storage", 1, 0x41, 0x320000, 0xe0000],
];

/** And on the ESP32-C3 and S3 (targets/esp32/IDF4/partitions.csv). */
export const ESP32C3_PARTITIONS: readonly Entry[] = [
  ["nvs", 1, 0x02, 0x9000, 0x6000],
  ["phy_init", 1, 0x01, 0xf000, 0x1000],
  ["factory", 0, 0x00, 0x10000, 0x1f4000],
  ["flash", 1, 0x40, 0x310000, 0x10000],
  ["storage", 1, 0x06, 0x320000, 0xe0000],
];

/** A partition table in its binary form, with its MD5. */
export function makePartitions(entries: readonly Entry[]): Uint8Array {
  const table = new Uint8Array(0xc00).fill(0xff);
  const view = new DataView(table.buffer);
  entries.forEach(([name, type, subtype, address, bytes], i) => {
    const at = i * 32;
    table.fill(0, at, at + 32);
    view.setUint16(at, 0x50aa, true);
    table.set([type, subtype], at + 2);
    view.setUint32(at + 4, address, true);
    view.setUint32(at + 8, bytes, true);
    table.set(Buffer.from(name, "latin1"), at + 12);
  });
  const end = entries.length * 32;
  view.setUint16(end, 0xebeb, true);
  const md5 = createHash("md5").update(table.subarray(0, end)).digest();
  table.set(md5, end + 16);
  return table;
}

export interface FirmwareOptions {
  readonly applicationBytes?: number;
  readonly seed?: number;
}

/** Writes a board's firmware, with the names that Espruino gives its files, into a folder. */
export function writeFirmware(
  folder: string,
  board: Board,
  { applicationBytes = 200_000, seed = 1 }: FirmwareOptions = {},
): string {
  const { imageChipId: chipId, files } = board.romLoading!;
  const contents = {
    bootloader: makeImage({ chipId, bytes: 20_000, seed, digest: false }),
    "partition table": makePartitions(chipId === 0 ? ESP32_PARTITIONS : ESP32C3_PARTITIONS),
    application: makeImage({ chipId, bytes: applicationBytes, seed: seed + 1 }),
  };
  mkdirSync(folder, { recursive: true });
  for (const { part, names } of files) {
    const name = part === "partition table" && chipId !== 0 ? names[1]! : names[0]!;
    writeFileSync(join(folder, name), contents[part]);
  }
  return folder;
}
