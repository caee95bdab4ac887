import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { FlashRange } from "../../boards/board.js";
import type { Board } from "../../boards/index.js";
import type { AppManifest } from "./app-manifest.js";
import { packageRoot } from "./package-root.js";
import { standIns } from "./stand-ins.js";

/**
 * Modules that a build chooses or makes: `sertao:platform`, `sertao:buses`, `sertao:memory`, `sertao:sleep`,
 * `sertao:operators`, `sertao:build`, `sertao:proof`, which the update agent asks for, and `sertao:tensorflow`, which only
 * operators of that backend ask for.
 */
export interface VirtualModules {
  /** Module name, or path of a module of lib, to the file that is taken for it. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Text of those files that are made. */
  readonly sources: ReadonlyMap<string, string>;
  /** The engine's globals, for the type checker. */
  readonly declarations: readonly string[];
}

/** What an application imports that sleeps. */
export const SLEEP_MODULE = "sertao:sleep";

/** @param operators source of `sertao:operators`, with imports relative to firmware/; without it all operators */
export function virtualModules(
  app: AppManifest,
  board: Board,
  runtime: string,
  operators: string | undefined,
): VirtualModules {
  const port = join(packageRoot, "firmware", "platform", board.platform);
  const operatorsFile = join(packageRoot, "firmware", operators === undefined ? "operators.ts" : "model-operators.ts");
  const buildFile = join(packageRoot, "firmware", "build-constants.ts");
  const sources = new Map([[buildFile, buildConstants(app, board, runtime)]]);
  if (operators !== undefined) sources.set(operatorsFile, operators);
  return {
    aliases: new Map([
      ...standIns(port),
      ["sertao:platform", join(port, "platform.ts")],
      ["sertao:buses", join(port, "buses", "buses.ts")],
      ["sertao:memory", join(packageRoot, "firmware", "memory", freePages(board) ? "flash.ts" : "ram.ts")],
      [SLEEP_MODULE, join(packageRoot, "firmware", "sleep", "deep.ts")],
      ["sertao:tensorflow", join(port, "tensorflow.ts")],
      ["sertao:operators", operatorsFile],
      ["sertao:proof", join(packageRoot, "firmware", "update", hasDigest(board) ? "signature.ts" : "mac.ts")],
      ["sertao:build", buildFile],
    ]),
    sources,
    declarations: existsSync(port)
      ? readdirSync(port)
          .filter((name) => name.endsWith(".d.ts"))
          .map((name) => join(port, name))
      : [],
  };
}

/** True where the firmware has SHA-256, so that a signature can be verified. */
function hasDigest({ modules, lacks }: Board): boolean {
  return modules.includes("crypto") && !lacks.some(({ name }) => name === "sha256");
}

/** The pages of settings and outbox, which lie one behind the other; undefined where the board has none. */
export function freePages({ freeRegions }: Board): FlashRange | undefined {
  const [settings, outbox] = freeRegions;
  if (settings?.name !== "settings" || outbox?.name !== "outbox") return undefined;
  const { address, pageBytes } = settings;
  return { address, pageBytes, pages: settings.pages + outbox.pages };
}

function buildConstants(app: AppManifest, board: Board, runtime: string): string {
  const constants = {
    application: app.name,
    version: app.version,
    board: board.id,
    runtime,
    storage: board.storage,
    freePages: freePages(board),
    // 0 where the board does not sleep: then nothing that imports SLEEP_MODULE is built.
    sleepClockPpm: typeof board.deepSleep === "string" ? 0 : board.deepSleep.clockPpm,
    ...Object.fromEntries(board.buses.map(({ name, pins, busHz }) => [name, { name, ...pins, busHz }])),
    // An application that asks for a pin which the board lacks, or keeps for itself, does not compile.
    ...Object.fromEntries(board.pins.map((pin) => [pin, pin])),
  };
  return Object.entries(constants)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`)
    .join("");
}
