import type { Board } from "../../../boards/index.js";
import { checkChip } from "../flash/check-chip.js";
import type { ChipLoader } from "../flash/chip-loader.js";
import { checkPartitions } from "../flash/partition-check.js";
import { readPartitions, TABLE_BYTES } from "../flash/partition-table.js";
import { type Check, finding, findingOf, note, ok } from "./check.js";

const MEGABYTE = 1024 * 1024;
const REFLASH = "Write the firmware with sertao flash --board BOARD --port PORT --firmware FOLDER.";

type Loader = Pick<ChipLoader, "chipName" | "flashBytes" | "read">;

/**
 * Looks at a chip through its ROM loader.
 * @param board the board that it should be; without one the chip is only named
 */
export async function checkRom(loader: Loader, board: Board | undefined): Promise<Check[]> {
  const checks = [ok("boot mode", "The ROM loader answers.")];
  try {
    const bytes = board === undefined ? await loader.flashBytes() : await checkChip(loader, board);
    checks.push(ok("chip", loader.chipName), ok("flash", `${bytes / MEGABYTE} MB`));
  } catch (error) {
    checks.push(findingOf("chip", error));
    return checks;
  }
  const loading = board?.romLoading;
  if (board === undefined || loading === undefined)
    return [...checks, note("partitions", "Name the board with --board to look at its partitions.")];
  const table = loading.files.find(({ part }) => part === "partition table")!;
  checks.push(checkTable(await loader.read(table.address, TABLE_BYTES), board));
  for (const { part, address } of loading.files.filter((file) => file !== table)) {
    const [first] = await loader.read(address, 4);
    checks.push(
      first === 0xe9
        ? ok(part, `There is one at 0x${address.toString(16)}.`)
        : finding(part, `There is none at 0x${address.toString(16)}.`, REFLASH),
    );
  }
  return checks;
}

function checkTable(bytes: Uint8Array, board: Board): Check {
  const partitions = readPartitions(bytes);
  if (typeof partitions === "string")
    return finding("partitions", `The partition table cannot be read: ${partitions}.`, REFLASH);
  const problems = checkPartitions(board, partitions);
  if (problems.length > 0) return finding("partitions", `${problems.join("; ")}.`, REFLASH);
  return ok("partitions", partitions.map(({ name }) => name).join(", "));
}
