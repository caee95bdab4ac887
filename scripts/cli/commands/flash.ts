import type { Command } from "commander";
import { ChipLoader } from "../../device/flash/chip-loader.js";
import { checkChip } from "../../device/flash/check-chip.js";
import { findFirmware, romLoadingOf } from "../../device/flash/firmware-files.js";
import { erasedRegion, type Region, type WrittenRegion, writeRegions } from "../../device/flash/write-regions.js";
import { openNodeLine } from "../../device/serial/node-line.js";
import type { Board } from "../../../boards/index.js";
import { debugLog } from "../debug-log.js";
import { interruptible } from "../interrupt.js";
import { Progress } from "../progress.js";
import { boardNamed } from "./board-option.js";
import { positiveCount } from "./fleet-count.js";
import { printJson } from "./fleet-store.js";

interface Options {
  board: string;
  port: string;
  firmware: string[];
  baud?: number;
  eraseStorage?: true;
  erasePages?: true;
  stub: boolean;
  json?: true;
}

const KB = 1024;

/** `sertao flash`: the engine's firmware onto a bare board. */
export function flashCommand(program: Command): void {
  program
    .command("flash")
    .description("write the engine's firmware to a bare board, through the loader in its ROM")
    .requiredOption("--board <board>", "board to write to (see: sertao boards)")
    .requiredOption("--port <port>", "serial port of the board")
    .option("--firmware <path...>", "folder with the firmware's files, or the files one by one", ["."])
    .option("--baud <n>", "bits per second (default: what the board's file says)", positiveCount)
    .option("--erase-storage", "also erase Storage: application, model and provisioning")
    .option("--erase-pages", "also erase settings and outbox: results that were not sent are lost")
    .option("--no-stub", "do without Espressif's loader in memory: slower, for boards where it does not start")
    .option("--json", "print what was done as JSON")
    .action(flash);
}

async function flash(options: Options): Promise<void> {
  const board = boardNamed(options.board);
  const { baudRate } = romLoadingOf(board);
  // What is wrong with the files is told before the board is touched.
  const regions = [...findFirmware(board, options.firmware), ...erasedRegions(board, options)];
  await interruptible(async (signal) => {
    const loader = await ChipLoader.connect({
      path: options.port,
      openLine: openNodeLine,
      baudRate: options.baud ?? baudRate,
      stub: options.stub,
      log: debugLog,
    });
    try {
      const flashBytes = await checkChip(loader, board);
      const progress = new Progress(
        "flashing, bytes",
        regions.reduce((sum, { bytes }) => sum + bytes.length, 0),
      );
      const startedMs = Date.now();
      const control = { signal, progress: (done: number): void => progress.update(Math.round(done)) };
      const written = await writeRegions(loader, regions, control).finally(() => progress.stop());
      const restarted = await loader.restart();
      const seconds = Number(((Date.now() - startedMs) / 1000).toFixed(1));
      const summary = { chip: loader.chipName, flashBytes, seconds, restarted, regions: written };
      if (options.json) printJson(summary);
      else process.stdout.write(report(summary, board));
    } finally {
      await loader.close();
    }
  });
}

function erasedRegions({ freeRegions, storage }: Board, { eraseStorage, erasePages }: Options): Region[] {
  const pages = erasePages ? freeRegions : [];
  return [
    ...pages.map((region) => erasedRegion(region.name, region.address, region.pageBytes * region.pages)),
    ...(eraseStorage ? [erasedRegion("Storage", storage.address, storage.pageBytes * storage.pages)] : []),
  ];
}

interface Summary {
  readonly chip: string;
  readonly flashBytes: number;
  readonly seconds: number;
  readonly restarted: boolean;
  readonly regions: readonly WrittenRegion[];
}

function report({ chip, flashBytes, seconds, restarted, regions }: Summary, board: Board): string {
  const lines = [`${chip}, ${flashBytes / KB / KB} MB of flash`];
  for (const { name, address, bytes, writtenBytes, md5 } of regions) {
    const what = writtenBytes === 0 ? "is there already" : `${writtenBytes} bytes written`;
    lines.push(`${name.padEnd(16)} 0x${address.toString(16).padStart(6, "0")} ${bytes} bytes, ${what}, MD5 ${md5}`);
  }
  lines.push(`verified in ${seconds} s; Storage and the results that wait ${keptText(regions, board)}`);
  if (!restarted) lines.push("The port cannot reset the board: press EN (reset).");
  return `${lines.join("\n")}\n`;
}

function keptText(regions: readonly WrittenRegion[], { freeRegions }: Board): string {
  const erased = regions.filter(({ name }) => name === "Storage" || freeRegions.some((region) => region.name === name));
  return erased.length === 0 ? "were kept" : `were kept but for ${erased.map(({ name }) => name).join(", ")}`;
}
