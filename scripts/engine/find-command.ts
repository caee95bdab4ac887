import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];

/** Absolute path of a command on PATH (or named by SERTAO_<NAME>), or undefined where the machine has none. */
export function findCommand(name: string): string | undefined {
  const named = process.env[`SERTAO_${name.toUpperCase().replace(/-/g, "_")}`];
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  return found;
}
