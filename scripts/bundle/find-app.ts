import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { appUnknown } from "../errors/bundle.js";
import { packageRoot } from "./package-root.js";

/** Folder of an application named by its path, or by its name in firmware/apps/. Throws APP_UNKNOWN. */
export function findApp(name: string): string {
  const found = [resolve(name), join(packageRoot, "firmware", "apps", name)].find((folder) =>
    existsSync(join(folder, "sertao.json")),
  );
  if (found === undefined) throw appUnknown(name);
  return found;
}
