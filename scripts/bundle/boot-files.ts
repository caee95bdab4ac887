import { join } from "node:path";
import type { Board } from "../../boards/index.js";
import type { AppManifest } from "./app-manifest.js";
import { DeviceProgram } from "./device-program.js";
import { passGate } from "./dialect/gate.js";
import { link } from "./link.js";
import { memberUse } from "./member-use.js";
import { minify } from "./minify.js";
import { packageRoot } from "./package-root.js";
import { freePages, virtualModules } from "./virtual-modules.js";

/**
 * `.bootcde`: runs what the supervisor chose, at the top level, so that the application's functions hold no scope but the
 * global one. What it throws goes back to the supervisor.
 */
const LOADER =
  `try{eval(sertaoBoot)}catch(e){global.sertaoBoot=[e];eval(require("Storage").read(".boot0"))}` +
  `delete global.sertaoBoot;delete global.sertaoSlots`;

/** What starts an application from a slot. It comes over the cable, and never over the air. */
export interface BootFiles {
  /** `.boot0`. */
  readonly supervisor: string;
  /** `.bootcde`. */
  readonly loader: string;
}

/** True where a board has pages for settings, which know the slots: it takes updates over the air. */
export function hasSlots(board: Board): boolean {
  return freePages(board) !== undefined;
}

/** Builds supervisor and loader for a board. @throws SertaoError BUNDLE_… */
export async function bootFiles(board: Board, runtime: string): Promise<BootFiles> {
  const entry = join(packageRoot, "firmware", "boot", "supervisor.ts");
  // It knows the board, and nothing of any application.
  const none: AppManifest = { name: "supervisor", version: runtime, entry };
  const { aliases, sources, declarations } = virtualModules(none, board, runtime, undefined);
  const program = new DeviceProgram(entry, aliases, sources, declarations);
  const script = await minify(await link(program, entry), memberUse(program.program), true);
  passGate(script, board.engine);
  return { supervisor: script.code, loader: LOADER };
}
