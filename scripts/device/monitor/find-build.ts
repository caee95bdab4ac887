import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BUNDLE_FILE, MAP_FILE } from "../../bundle/build-manifest.js";
import { fileMissing } from "../../errors/files.js";
import { type FoundFile, isThere } from "../upload/device-files.js";

/** Where a device may have its application: in a slot, or by itself. */
export const CODE_FILES = ["app.a", "app.b", ".bootcde"];

/**
 * Finds the build whose bundle a device runs, by length and CRC-32, among build/APP/BOARD/. Of two slots the first that
 * holds a build from here counts.
 * @param root folder of the builds
 * @param files that the device has of CODE_FILES
 * @returns the build's folder; undefined where none is the device's
 */
export function findBuild(root: string, files: ReadonlyMap<string, FoundFile>): string | undefined {
  const folders = (folder: string): string[] =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => join(folder, entry.name))
      : [];
  const builds = folders(root)
    .flatMap(folders)
    .filter((folder) => existsSync(join(folder, BUNDLE_FILE)) && existsSync(join(folder, MAP_FILE)));
  for (const name of CODE_FILES) {
    const file = files.get(name);
    if (file === undefined) continue;
    const found = builds.find((folder) =>
      isThere({ name, bytes: erasedTo(readFileSync(join(folder, BUNDLE_FILE)), file.bytes) }, { files }),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Behind the content of a slot lie erased bytes. */
function erasedTo(content: Uint8Array, bytes: number): Uint8Array {
  if (content.length >= bytes) return content;
  const whole = new Uint8Array(bytes).fill(0xff);
  whole.set(content);
  return whole;
}

/** The source map of a build, as JSON. @throws SertaoError FILE_MISSING */
export function readMap(folder: string): string {
  const file = join(folder, MAP_FILE);
  if (!existsSync(file)) throw fileMissing(file);
  return readFileSync(file, "utf8");
}
