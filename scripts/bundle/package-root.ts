import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Package {
  readonly root: string;
  readonly version: string;
}

const own = findPackage(dirname(fileURLToPath(import.meta.url)));

/**
 * Folder of the sertao package that this code belongs to, wherever it is installed, compiled or not: device sources,
 * boards and platform ports are read from there.
 */
export const packageRoot: string = own.root;

/** Version of the sertao package: what devices report as their runtime. */
export const runtimeVersion: string = own.version;

function findPackage(folder: string): Package {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
    if (name === "sertao" && version !== undefined) return { root: folder, version };
  }
  const parent = dirname(folder);
  if (parent === folder) throw new Error("package.json of sertao is missing above its own code");
  return findPackage(parent);
}
