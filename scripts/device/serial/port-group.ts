import { readFileSync, statSync } from "node:fs";

/** Name of the group that a port belongs to; undefined where the system has none or does not tell. */
export function portGroup(path: string): string | undefined {
  try {
    const { gid } = statSync(path);
    return groupNamed(readFileSync("/etc/group", "utf8"), gid);
  } catch {
    return undefined;
  }
}

/** @param groups contents of /etc/group: name:password:number:members */
function groupNamed(groups: string, gid: number): string | undefined {
  return groups
    .split("\n")
    .map((line) => line.split(":"))
    .find(([, , id]) => id === String(gid))?.[0];
}
