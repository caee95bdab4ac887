import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./package-root.js";

/** Modules of lib in place of which an engine may have something of its own, in its port under the same file name. */
const REPLACEABLE = [["core", "crc32.ts"]] as const;

/**
 * Modules of lib, by absolute path, to the file of a port that stands in for them in its bundles: what an engine does
 * in C needs no code.
 * @param port absolute path of a folder of firmware/platform
 */
export function standIns(port: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [folder, file] of REPLACEABLE) {
    const own = join(port, file);
    if (existsSync(own)) found.set(join(packageRoot, "lib", folder, file), own);
  }
  return found;
}
