import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "./package-root.js";

/** What is made of nothing but these and the input: device sources but for applications, and what builds them. */
const FIRMWARE = ["boot", "memory", "platform", "sleep", "update", "operators.ts"].map((name) =>
  join("firmware", name),
);
const SOURCES = ["package.json", "lib", ...FIRMWARE];
const TOOLS = ["bundle", "jsvars", "model"];

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
/** Of several boards and versions; older ones go. */
const MAX_FILES = 64;

const known = new Map<string, unknown>();

/**
 * Makes something out of the package's own sources, or takes what was made of the very same before: in this process, or
 * in an earlier one, from the user's cache. What cannot be read there, or is not what was written, is made again.
 * @param name of the kind of thing, for the file
 * @param input what else it is made of; both are told apart by their JSON
 * @param make gives what JSON keeps as it is
 */
export async function remember<T>(name: string, input: unknown, make: () => Promise<T>): Promise<T> {
  const hash = createHash("sha256").update(JSON.stringify([name, input]));
  for (const source of SOURCES) addContents(hash, join(packageRoot, source));
  for (const tool of TOOLS) addContents(hash, join(import.meta.dirname, "..", tool));
  const key = `${name}-${hash.digest("hex").slice(0, 40)}`;
  if (!known.has(key)) known.set(key, readKept(key) ?? keep(key, await make()));
  return known.get(key) as T;
}

function addContents(hash: ReturnType<typeof createHash>, path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (stat.isDirectory()) for (const entry of readdirSync(path).sort()) addContents(hash, join(path, entry));
  else hash.update(`\n${path} ${stat.size}\n`).update(readFileSync(path));
}

/** In the user's cache, as systems have it. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const local = process.platform === "win32" ? LOCALAPPDATA : undefined;
  return join(XDG_CACHE_HOME || local || join(homedir(), ".cache"), "sertao");
}

function readKept(key: string): unknown {
  try {
    const [digest, text] = readFileSync(join(cacheFolder(), key), "utf8").split("\n", 2);
    return digest === digestOf(text!) ? (JSON.parse(text!) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

function keep<T>(key: string, made: T): T {
  const folder = cacheFolder();
  const text = JSON.stringify(made);
  const aside = join(folder, `${key}.${process.pid}.new`);
  try {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    writeFileSync(aside, `${digestOf(text)}\n${text}`, { mode: OWNER_ONLY });
    renameSync(aside, join(folder, key));
    prune(folder);
  } catch {
    // A cache that cannot be written costs time alone.
  }
  return made;
}

function prune(folder: string): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  if (files.length <= MAX_FILES) return;
  const byAge = files.map((file) => ({ file, changedMs: statSync(file).mtimeMs }));
  byAge.sort((a, b) => a.changedMs - b.changedMs);
  for (const { file } of byAge.slice(0, files.length - MAX_FILES)) rmSync(file, { force: true });
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
