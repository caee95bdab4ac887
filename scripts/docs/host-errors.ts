import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ErrorKind } from "../errors/sertao-error.js";

/** Errors of one area: a file of scripts/errors/. */
export interface ErrorArea {
  readonly area: string;
  readonly kinds: readonly ErrorKind<unknown[]>[];
}

/** Every error that a command can end with, by the file that declares it. */
export async function hostErrors(): Promise<ErrorArea[]> {
  const folder = join(import.meta.dirname, "..", "errors");
  const files = readdirSync(folder)
    .filter((name) => /^[a-z-]+\.(ts|js)$/.test(name))
    .sort();
  const areas: ErrorArea[] = [];
  for (const file of files) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as Record<string, unknown>;
    // Sorted, because module namespaces have no order of their own to rely on.
    const kinds = Object.values(module)
      .filter(isErrorKind)
      .sort((a, b) => a.code.localeCompare(b.code));
    if (kinds.length > 0) areas.push({ area: file.replace(/\.(ts|js)$/, ""), kinds });
  }
  return areas;
}

function isErrorKind(value: unknown): value is ErrorKind<unknown[]> {
  return typeof value === "function" && "code" in value && "when" in value && "remedy" in value;
}
