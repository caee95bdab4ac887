import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileUnreadable } from "../errors/files.js";
import type { BuiltApp } from "./build-app.js";
import { BUNDLE_FILE, MANIFEST_FILE, MAP_FILE, PACK_FILE } from "./build-manifest.js";

/**
 * Writes a build: `bundle.js`, its map, `model.smod` where there is a model, `manifest.json`.
 * @throws SertaoError FILE_UNREADABLE
 */
export function writeBuild(built: BuiltApp, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, BUNDLE_FILE), built.code, "latin1");
    writeFileSync(join(folder, MAP_FILE), built.map);
    // A pack of an earlier build must not pass for one of this.
    if (built.pack) writeFileSync(join(folder, PACK_FILE), built.pack);
    else rmSync(join(folder, PACK_FILE), { force: true });
    writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(built.manifest, null, 2)}\n`);
  } catch (error) {
    throw fileUnreadable(folder, error instanceof Error ? error.message : String(error));
  }
}
