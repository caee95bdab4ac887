import { join } from "node:path";
import type { Command } from "commander";
import type { Board } from "../../../boards/index.js";
import { PROVISIONING_FILE } from "../../../lib/app/provisioning.js";
import { buildApp } from "../../bundle/build-app.js";
import { storageFiles } from "../../bundle/device-files.js";
import { findApp } from "../../bundle/find-app.js";
import { writeBuild } from "../../bundle/write-build.js";
import { ChipLoader } from "../../device/flash/chip-loader.js";
import { checkChip } from "../../device/flash/check-chip.js";
import { romLoadingOf } from "../../device/flash/firmware-files.js";
import { writeRegions } from "../../device/flash/write-regions.js";
import { openNodeLine } from "../../device/serial/node-line.js";
import type { StorageFile } from "../../device/upload/device-files.js";
import { storageImage } from "../../device/upload/storage-image.js";
import { upload } from "../../device/upload/upload.js";
import { notProvisioned } from "../../errors/provision.js";
import { SertaoError } from "../../errors/sertao-error.js";
import { chooseProvisioning } from "../../provision/device-folder.js";
import { encodeProvisioning } from "../../provision/provisioning.js";
import { debugLog } from "../debug-log.js";
import { interruptible } from "../interrupt.js";
import { Progress } from "../progress.js";
import { folderState, nextState } from "../watch-folder.js";
import { boardNamed } from "./board-option.js";
import { positiveCount } from "./fleet-count.js";
import { printJson } from "./fleet-store.js";

interface Options {
  board: string;
  port: string;
  device?: string;
  provisioning: boolean;
  baud?: number;
  image?: true;
  watch?: true;
  stub: boolean;
  json?: true;
}

const BUILD_FOLDER = "build";
const CONSOLE_BAUD_RATE = 115_200;

/** `sertao upload`: application, model pack and provisioning. */
export function uploadCommand(program: Command): void {
  program
    .command("upload")
    .argument("<app>", "folder with a sertao.json, or the name of an application in firmware/apps")
    .description("build an application and bring it to a board that runs the engine, with model and provisioning")
    .requiredOption("--board <board>", "board to build for (see: sertao boards)")
    .requiredOption("--port <port>", "serial port of the board")
    .option("--device <device>", "whose provisioning to bring (default: the only one that there is)")
    .option("--no-provisioning", "leave the device's provisioning as it is; with --image it then has none")
    .option("--baud <n>", "bits per second (default: 115200; with --image what the board's file says)", positiveCount)
    .option("--image", "write all of Storage anew, through the loader in the chip's ROM")
    .option("--no-stub", "with --image: do without Espressif's loader in memory")
    .option("--watch", "go on: bring what changes in the application's folder, until Ctrl-C")
    .option("--json", "print what was done as JSON, with --watch once for each upload")
    .action(uploadApp);
}

async function uploadApp(name: string, options: Options): Promise<void> {
  const board = boardNamed(options.board);
  if (options.image) romLoadingOf(board);
  const provisioning = options.provisioning ? chooseProvisioning(options.device) : undefined;
  if (options.image && options.provisioning && provisioning === undefined)
    throw notProvisioned("A new image of Storage without provisioning takes the device its own.");
  const say = (line: string): void => void (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  const build = async (): Promise<Build> => {
    const startedMs = Date.now();
    const built = await buildApp(findApp(name), board);
    const buildSec = secondsSince(startedMs);
    const { application, version } = built.manifest;
    const folder = join(BUILD_FOLDER, application, board.id);
    writeBuild(built, folder);
    say(`${application} ${version} for ${board.title}, built in ${folder}`);
    const files = storageFiles(built);
    if (provisioning !== undefined) files.push({ name: PROVISIONING_FILE, bytes: encodeProvisioning(provisioning) });
    say(provisioning ? `provisioning of ${provisioning.device}` : "no provisioning: the device keeps its own");
    return { application, folder, files, buildSec };
  };
  let isWarm = false;
  const bringOnce = async (signal?: AbortSignal): Promise<void> => {
    const { application, folder, files, buildSec } = await build();
    // A builder that has run twice is faster: no edit is to wait for that. Not while anything is on the wire, because a
    // build holds up the host, and a device gives up a packet that stops in the middle.
    if (options.watch && !isWarm) await buildApp(findApp(name), board);
    isWarm = true;
    const bring = options.image ? bringImage : bringFiles;
    const bringAll = (stop: AbortSignal): Promise<Brought> => bring(board, files, options, stop, say);
    const broughtMs = Date.now();
    const done = signal ? await bringAll(signal) : await interruptible(bringAll);
    const bringSec = secondsSince(broughtMs);
    if (options.json) printJson({ application, folder, ...done, buildSec, bringSec });
    else
      say(
        `${done.sentBytes === 0 ? "nothing to send" : done.outcome}; built in ${buildSec} s, brought in ${bringSec} s`,
      );
  };
  if (options.watch) await interruptible((signal) => watch(findApp(name), bringOnce, signal, say));
  else await bringOnce();
}

/** Brings an application, and again whenever its folder has changed. What fails then is told, and tried after the next change. */
async function watch(
  folder: string,
  bring: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
  say: Say,
): Promise<void> {
  const look = (): string => folderState(folder, BUILD_FOLDER);
  let state: string | undefined = look();
  await bring(signal);
  say(`watching ${folder}; Ctrl-C ends`);
  while ((state = await nextState(look, state, signal)) !== undefined) {
    try {
      await bring(signal);
    } catch (error) {
      if (!(error instanceof SertaoError) || signal.aborted) throw error;
      process.stderr.write(`sertao: ${error.message}\n`);
    }
  }
}

function secondsSince(startedMs: number): number {
  return Number(((Date.now() - startedMs) / 1000).toFixed(1));
}

/** An application that is ready to be brought. */
interface Build {
  readonly application: string;
  readonly folder: string;
  readonly files: readonly StorageFile[];
  readonly buildSec: number;
}

/** What is told of an upload. */
interface Brought {
  readonly sent: readonly string[];
  readonly unchanged: readonly string[];
  readonly sentBytes: number;
  readonly outcome: string;
  readonly [more: string]: unknown;
}

type Say = (line: string) => void;

async function bringFiles(
  board: Board,
  files: readonly StorageFile[],
  { port, baud = CONSOLE_BAUD_RATE }: Options,
  signal: AbortSignal,
  say: Say,
): Promise<Brought> {
  let progress: Progress | undefined;
  const { changed, unchanged, bytes, version, printed } = await upload({
    path: port,
    openLine: openNodeLine,
    baudRate: baud,
    board,
    files,
    signal,
    planned: (plan) => {
      if (plan.changed.length === 0) return;
      const seconds = plan.estimateSec.toFixed(1);
      say(`Espruino ${plan.version}: sending ${plan.changed.join(", ")}, ${plan.bytes} bytes`);
      say(`about ${seconds} s at ${baud} baud where they are sent whole`);
      progress = new Progress("sending, bytes", plan.bytes);
    },
    progress: (sent) => progress?.update(sent),
  }).finally(() => progress?.stop());
  for (const line of printed) say(`> ${line}`);
  return { sent: changed, unchanged, sentBytes: bytes, outcome: "verified, and running", firmware: version, printed };
}

async function bringImage(
  board: Board,
  files: readonly StorageFile[],
  { port, baud, stub }: Options,
  signal: AbortSignal,
  say: Say,
): Promise<Brought> {
  const image = storageImage(board, files);
  const baudRate = baud ?? romLoadingOf(board).baudRate;
  const loader = await ChipLoader.connect({ path: port, openLine: openNodeLine, baudRate, stub, log: debugLog });
  try {
    await checkChip(loader, board);
    say(`writing all of Storage, ${image.length} bytes at 0x${board.storage.address.toString(16)}`);
    const progress = new Progress("writing, bytes", image.length);
    const control = { signal, progress: (done: number): void => progress.update(Math.round(done)) };
    const regions = [{ name: "Storage", address: board.storage.address, bytes: image }];
    const [written] = await writeRegions(loader, regions, control).finally(() => progress.stop());
    const restarted = await loader.restart();
    if (!restarted) say("The port cannot reset the board: press EN (reset).");
    const names = files.map(({ name }) => name);
    const isSame = written!.writtenBytes === 0;
    return {
      sent: isSame ? [] : names,
      unchanged: isSame ? names : [],
      sentBytes: written!.writtenBytes,
      outcome: "verified by MD5",
      md5: written!.md5,
      restarted,
    };
  } finally {
    await loader.close();
  }
}
