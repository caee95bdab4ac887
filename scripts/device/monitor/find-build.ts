import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BUNDLE_FILE, MAP_FILE } from "../../bundle/build-manifest.js";
import { fileMissing } from "../../errors/files.js";
import { type FoundFile, isThere } from "../upload/device-files.js";

const CODE_FILE = ".bootcde";

/**
 * Finds the build whose bundle a device runs, by length and CRC-32, among build/APP/BOARD/.
 * @param root folder of the builds
 * @returns the build's folder; undefined where none is the device's
 */
export function findBuild(root: string, onDevice: FoundFile): string | undefined {
  const files = new Map([[CODE_FILE, onDevice]]);
  const folders = (folder: string): string[] =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => join(folder, entry.name))
      : [];
  return folders(root)
    .flatMap(folders)
    .filter((folder) => existsSync(join(folder, BUNDLE_FILE)) && existsSync(join(folder, MAP_FILE)))
    .find((folder) => isThere({ name: CODE_FILE, bytes: readFileSync(join(folder, BUNDLE_FILE)) }, { files }));
}

/** The source map of a build, as JSON. @throws SertaoError FILE_MISSING */
export function readMap(folder: string): string {
  const file = join(folder, MAP_FILE);
  if (!existsSync(file)) throw fileMissing(file);
  return readFileSync(file, "utf8");
}
