import type { Board } from "../../../boards/index.js";
import type { Partition } from "./partition-table.js";

const APPLICATION = 0;
const DATA = 1;
/** Subtype of the pages that Espruino leaves to JavaScript. */
const FREE_PAGES = 0x40;

/** What contradicts the board's file in its partition table, one sentence each; none for a sound one. */
export function checkPartitions(board: Board, partitions: readonly Partition[]): string[] {
  const { storage, freeRegions, flashBytes } = board;
  const found: string[] = [];
  for (const { name, address, bytes } of partitions)
    if (address + bytes > flashBytes) found.push(`"${name}" reaches beyond the flash of ${flashBytes} bytes`);
  const storageBytes = storage.pageBytes * storage.pages;
  const holds = partitions.some(
    ({ type, address, bytes }) =>
      type === DATA && address <= storage.address && address + bytes >= storage.address + storageBytes,
  );
  if (!holds) found.push(`no data partition holds Storage at 0x${storage.address.toString(16)}`);
  for (const region of freeRegions) {
    const end = region.address + region.pageBytes * region.pages;
    for (const { name, type, subtype, address, bytes } of partitions) {
      const isFree = type === DATA && subtype === FREE_PAGES;
      if (!isFree && address < end && region.address < address + bytes)
        found.push(`"${name}" overlaps the pages of ${region.name} at 0x${region.address.toString(16)}`);
    }
  }
  return found;
}

/** Room for an application image at an address; undefined where no partition begins there. */
export function applicationRoom(partitions: readonly Partition[], address: number): number | undefined {
  return partitions.find((partition) => partition.type === APPLICATION && partition.address === address)?.bytes;
}
