import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AGENT_FILE } from "../../lib/update/agent-link.js";
import { KEEPER_FILE } from "../../lib/update/keeper-link.js";
import { fileUnreadable } from "../errors/files.js";
import type { BuiltApp } from "./build-app.js";
import { LOADER_FILE, MANIFEST_FILE, MAP_FILE, NOTE_FILE, PACK_FILE, SUPERVISOR_FILE } from "./build-manifest.js";
import { buildFiles } from "./device-files.js";

/**
 * Writes a build: `bundle.js`, its map, `model.smod` where there is a model, `manifest.json`; of a board with slots also
 * supervisor, loader, keeper of the slots, update agent and the note of the installation.
 * @throws SertaoError FILE_UNREADABLE
 */
export function writeBuild(built: BuiltApp, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const files = buildFiles(built);
    // A file of an earlier build must not pass for one of this.
    for (const name of [PACK_FILE, SUPERVISOR_FILE, LOADER_FILE, KEEPER_FILE, AGENT_FILE, NOTE_FILE])
      if (!files.has(name)) rmSync(join(folder, name), { force: true });
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, MAP_FILE), built.map);
    writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(built.manifest, null, 2)}\n`);
  } catch (error) {
    throw fileUnreadable(folder, error instanceof Error ? error.message : String(error));
  }
}
