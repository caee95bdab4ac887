import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Board } from "../../../boards/index.js";
import type { FirmwareFile, RomLoading } from "../../../boards/board.js";
import { fileMissing, fileUnreadable } from "../../errors/files.js";
import {
  firmwareAmbiguous,
  firmwareInvalid,
  firmwareMissing,
  firmwarePartitions,
  firmwareTooLong,
  firmwareUnknownFile,
  firmwareWrongChip,
} from "../../errors/firmware.js";
import { flashUnsupported } from "../../errors/flash.js";
import { readImage } from "./app-image.js";
import { applicationRoom, checkPartitions } from "./partition-check.js";
import { readPartitions, TABLE_BYTES, type Partition } from "./partition-table.js";
import type { Region } from "./write-regions.js";

const CHIPS: Readonly<Record<number, string>> = {
  0: "ESP32",
  2: "ESP32-S2",
  5: "ESP32-C3",
  9: "ESP32-S3",
  12: "ESP32-C2",
  13: "ESP32-C6",
  16: "ESP32-H2",
};

/** Where a board is loaded through its ROM. @throws SertaoError FLASH_UNSUPPORTED */
export function romLoadingOf(board: Board): RomLoading {
  if (board.romLoading === undefined) throw flashUnsupported(board.id);
  return board.romLoading;
}

/**
 * Finds a board's firmware and checks it: names, images, chip, partition table, and that everything fits.
 * @param paths a folder, or the files one by one
 * @returns what to write, in the order of the flash
 * @throws SertaoError FIRMWARE_…, FLASH_UNSUPPORTED, FILE_MISSING, FILE_UNREADABLE
 */
export function findFirmware(board: Board, paths: readonly string[]): Region[] {
  const { files, imageChipId } = romLoadingOf(board);
  const found = files.map((file) => locate(file, paths, files));
  const contents = found.map(read);
  const at = (part: FirmwareFile["part"]): number => files.findIndex((file) => file.part === part);
  const partitions = checkTable(board, found[at("partition table")]!, contents[at("partition table")]!);
  return files.map(({ part, address }, i) => {
    const path = found[i]!;
    const bytes = contents[i]!;
    if (part !== "partition table") checkImage(path, bytes, imageChipId, board.chip);
    const room = part === "application" ? applicationRoom(partitions, address) : (files[i + 1]?.address ?? 0) - address;
    if (room === undefined)
      throw firmwarePartitions(found[at("partition table")]!, `no application begins at 0x${address.toString(16)}`);
    if (bytes.length > room) throw firmwareTooLong(path, bytes.length, room);
    return { name: part, address, bytes };
  });
}

/** A board's file among those given: by its name, with what a release puts in front of it or behind. */
function locate(file: FirmwareFile, paths: readonly string[], all: readonly FirmwareFile[]): string {
  for (const path of paths) if (!existsSync(path)) throw fileMissing(path);
  const isFolder = paths.length === 1 && statSync(paths[0]!).isDirectory();
  const candidates = isFolder ? readdirSync(paths[0]!).map((name) => join(paths[0]!, name)) : paths;
  if (!isFolder) {
    const names = all.flatMap((known) => known.names);
    for (const path of paths)
      if (!all.some((known) => isNamed(known, path))) throw firmwareUnknownFile(path, names.join(", "));
  }
  const found = candidates.filter((path) => isNamed(file, path));
  if (found.length > 1) throw firmwareAmbiguous(file.part, found.join(", "));
  if (found[0] === undefined)
    throw firmwareMissing(file.part, file.names.join(" or "), isFolder ? paths[0]! : "the files given");
  return found[0];
}

function isNamed(file: FirmwareFile, path: string): boolean {
  return file.names.includes(basename(path));
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileUnreadable(path, error instanceof Error ? error.message : String(error));
  }
}

function checkTable(board: Board, path: string, bytes: Uint8Array): Partition[] {
  if (bytes.length > TABLE_BYTES) throw firmwareTooLong(path, bytes.length, TABLE_BYTES);
  const partitions = readPartitions(bytes);
  if (typeof partitions === "string") throw firmwareInvalid(path, partitions);
  const problems = checkPartitions(board, partitions);
  if (problems.length > 0) throw firmwarePartitions(path, problems.join("; "));
  return partitions;
}

function checkImage(path: string, bytes: Uint8Array, chipId: number, chip: string): void {
  const header = readImage(bytes);
  if (typeof header === "string") throw firmwareInvalid(path, header);
  if (header.chipId !== chipId) throw firmwareWrongChip(path, CHIPS[header.chipId] ?? `chip id ${header.chipId}`, chip);
}
