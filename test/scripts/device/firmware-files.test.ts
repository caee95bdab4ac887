import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { esp32c3 } from "../../../boards/esp32c3.js";
import { boards } from "../../../boards/index.js";
import { readImage } from "../../../scripts/device/flash/app-image.js";
import { findFirmware } from "../../../scripts/device/flash/firmware-files.js";
import { readPartitions } from "../../../scripts/device/flash/partition-table.js";
import { ESP32_PARTITIONS, makeImage, makePartitions, writeFirmware } from "../../support/rom/firmware.js";

const top = mkdtempSync(join(tmpdir(), "sertao-firmware-"));
let count = 0;
let folder = "";
const file = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = writeFirmware(join(top, String(count++)), esp32);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const APPLICATION = "espruino_esp32.bin";
const TABLE = "partitions_espruino.bin";
const change = (name: string, how: (bytes: Uint8Array) => void): void => {
  const bytes = Uint8Array.from(readFileSync(file(name)));
  how(bytes);
  writeFileSync(file(name), bytes);
};
/** The table with a partition put in another's place. */
const withPartition = (name: string, type: number, subtype: number, address: number, bytes: number): Uint8Array =>
  makePartitions(ESP32_PARTITIONS.map((entry) => (entry[0] === name ? [name, type, subtype, address, bytes] : entry)));

test("firmware is found by its names in a folder, and goes where the board's file says", () => {
  expect(findFirmware(esp32, [folder]).map(({ name, address }) => [name, address])).toEqual([
    ["bootloader", 0x1000],
    ["partition table", 0x8000],
    ["application", 0x10000],
  ]);
  const other = writeFirmware(join(top, "c3"), esp32c3);
  expect(findFirmware(esp32c3, [other]).map(({ address }) => address)).toEqual([0x0, 0x8000, 0x10000]);
});

test("firmware may be named file by file", () => {
  const names = ["bootloader.bin", APPLICATION, TABLE].map(file);
  expect(findFirmware(esp32, names).map(({ address }) => address)).toEqual([0x1000, 0x8000, 0x10000]);
});

describe("refuses", () => {
  test.each([
    [
      "a part that is missing",
      () => rmSync(file(APPLICATION)),
      /FIRMWARE_MISSING: The application is missing: .*espruino_esp32\.bin/,
    ],
    [
      "two files for one part",
      () => writeFileSync(file("espruino-esp32.bin"), makeImage()),
      /FIRMWARE_AMBIGUOUS: .*application: .*espruino-esp32\.bin, .*espruino_esp32\.bin/,
    ],
    [
      "a file that is no image",
      () => writeFileSync(file(APPLICATION), "<html>404</html>".repeat(9)),
      /FIRMWARE_INVALID: .*begins with 0x3c, not 0xe9/,
    ],
    ["an empty file", () => writeFileSync(file(APPLICATION), ""), /FIRMWARE_INVALID: .*too short/],
    ["a download cut short", () => change(APPLICATION, cutShort), /FIRMWARE_INVALID: .*ends inside a segment/],
    [
      "a byte that changed",
      () => change("bootloader.bin", (b) => void (b[9000]! ^= 4)),
      /FIRMWARE_INVALID: .*checksum is wrong/,
    ],
    ["two bytes that changed alike", () => change(APPLICATION, changeTwo), /FIRMWARE_INVALID: .*SHA-256 is wrong/],
    [
      "another chip's image",
      () => writeFileSync(file(APPLICATION), makeImage({ chipId: 5 })),
      /FIRMWARE_WRONG_CHIP: .* is for ESP32-C3, and the board has an ESP32\./,
    ],
    [
      "a chip without a name",
      () => writeFileSync(file("bootloader.bin"), makeImage({ chipId: 99 })),
      /FIRMWARE_WRONG_CHIP: .* is for chip id 99/,
    ],
    [
      "an application that its partition has no room for",
      () => writeFileSync(file(APPLICATION), makeImage({ bytes: 1536 * 1024 })),
      /FIRMWARE_TOO_LONG: .*and its place 1572864/,
    ],
    [
      "a bootloader that reaches into the partition table",
      () => writeFileSync(file("bootloader.bin"), makeImage({ bytes: 0x7000 })),
      /FIRMWARE_TOO_LONG: .*bootloader\.bin .*and its place 28672/,
    ],
    ["a table that is too long", () => writeFileSync(file(TABLE), new Uint8Array(0x1000)), /FIRMWARE_TOO_LONG: .*3072/],
    [
      "a table that is none",
      () => writeFileSync(file(TABLE), new Uint8Array(96)),
      /FIRMWARE_INVALID: .*entry 0 is none/,
    ],
    [
      "an empty table",
      () => writeFileSync(file(TABLE), new Uint8Array(96).fill(255)),
      /FIRMWARE_INVALID: .*it is empty/,
    ],
    ["a damaged table", () => change(TABLE, (b) => void (b[40] = 7)), /FIRMWARE_INVALID: .*MD5 is wrong/],
    [
      "a table without room for Storage",
      () => writeFileSync(file(TABLE), withPartition("storage", 1, 0x41, 0x320000, 0x80000)),
      /FIRMWARE_PARTITIONS: .*no data partition holds Storage at 0x320000/,
    ],
    [
      "a table that gives the framework's pages away",
      () => writeFileSync(file(TABLE), withPartition("flash", 1, 0x82, 0x310000, 0x10000)),
      /FIRMWARE_PARTITIONS: .*"flash" overlaps the pages of settings at 0x310000; "flash" overlaps the pages of outbox/,
    ],
    [
      "a table for a larger flash",
      () => writeFileSync(file(TABLE), withPartition("ota_0", 0, 0x10, 0x400000, 0x180000)),
      /FIRMWARE_PARTITIONS: .*"ota_0" reaches beyond the flash/,
    ],
    [
      "a table without the application",
      () => writeFileSync(file(TABLE), withPartition("factory", 0, 0, 0x20000, 0x100000)),
      /FIRMWARE_PARTITIONS: .*no application begins at 0x10000/,
    ],
  ])("%s", (_, spoil, message) => {
    spoil();
    expect(() => findFirmware(esp32, [folder])).toThrow(message);
  });

  test("a file that does not exist, and one with a name of its own", () => {
    expect(() => findFirmware(esp32, [file("nothing")])).toThrow(/FILE_MISSING/);
    renameSync(file(APPLICATION), file("new.bin"));
    expect(() => findFirmware(esp32, [file("new.bin")])).toThrow(/FIRMWARE_UNKNOWN_FILE: .*new\.bin is none of/);
    mkdirSync(file("sub"));
    expect(() => findFirmware(esp32, [file("sub")])).toThrow(/FIRMWARE_MISSING: The bootloader is missing/);
  });

  test("boards that are not loaded this way", () => {
    for (const board of boards.filter(({ romLoading }) => romLoading === undefined))
      expect(() => findFirmware(board, [folder])).toThrow(/FLASH_UNSUPPORTED/);
  });
});

test("every prefix of an image and of a table is refused, and none breaks the reader", () => {
  const image = makeImage({ bytes: 40 });
  expect(readImage(image)).toEqual({ chipId: 0, bytes: image.length });
  for (let length = 0; length < image.length; length++)
    expect(typeof readImage(image.subarray(0, length))).toBe("string");
  const table = makePartitions(ESP32_PARTITIONS);
  expect(readPartitions(table)).toHaveLength(ESP32_PARTITIONS.length);
  expect(readPartitions(table.subarray(0, 31))).toBe("it is empty");
});

function cutShort(bytes: Uint8Array): void {
  // The header promises more than there is.
  new DataView(bytes.buffer).setUint32(28, bytes.length, true);
}

function changeTwo(bytes: Uint8Array): void {
  bytes[5000]! ^= 4;
  bytes[6000]! ^= 4;
}
