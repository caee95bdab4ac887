import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../shared", import.meta.url));

/** The reference folder beside the repository, or undefined where it is absent. Tests that need it are skipped by name. */
export const shared: string | undefined = existsSync(join(folder, "goldens")) ? folder : undefined;

/** Path of a file in the reference folder; only for tests that `shared` guards. */
export function sharedPath(...parts: string[]): string {
  return join(folder, ...parts);
}
