import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Editors write a file in several steps: only a folder that has been the same for so long is looked at. */
const LOOK_MS = 50;
const LEFT_OUT = /^(\..*|node_modules)$/;

/**
 * What tells whether anything in a folder was edited: paths, sizes and times of its files. Looked at rather than told by
 * the system, which tells nothing on network drives, and of files that editors replace not everywhere.
 * @param except a folder that is left out, as are hidden files and node_modules
 */
export function folderState(folder: string, except: string): string {
  const lines: string[] = [];
  const look = (path: string): void => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined || resolve(path) === resolve(except)) return;
    if (!stat.isDirectory()) lines.push(`${path} ${stat.size} ${stat.mtimeMs}`);
    else for (const name of readdirSync(path)) if (!LEFT_OUT.test(name)) look(join(path, name));
  };
  look(folder);
  return lines.join("\n");
}

/**
 * Waits until what is looked at differs from what it was, and stays as it is.
 * @param look what `folderState` gives
 * @returns what it is now; undefined where the signal ended that
 */
export async function nextState(look: () => string, before: string, signal: AbortSignal): Promise<string | undefined> {
  for (let last = before; !signal.aborted;) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    const now = look();
    if (now !== before && now === last) return signal.aborted ? undefined : now;
    last = now;
  }
  return undefined;
}
