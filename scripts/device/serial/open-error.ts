import { lstatSync } from "node:fs";
import { portBusy, portDenied, portFailed, portMissing, portNotSerial } from "../../errors/port.js";
import type { SertaoError } from "../../errors/sertao-error.js";
import { portGroup } from "./port-group.js";

/**
 * What the system's answer to opening a port means.
 * @param cause its message
 * @param known paths of the ports that there are
 */
export function openError(path: string, cause: string, known: readonly string[]): SertaoError {
  if (/permission denied|access denied|EACCES/i.test(cause)) return portDenied(path, portGroup(path));
  if (/cannot lock|resource temporarily unavailable|EBUSY|device or resource busy/i.test(cause)) return portBusy(path);
  if (/no such file|ENOENT|file not found|no such device/i.test(cause)) return portMissing(path, listed(known));
  if (/inappropriate ioctl|not a (tty|typewriter)|ENOTTY|is a directory|EISDIR/i.test(cause) || isPlainFile(path))
    return portNotSerial(path);
  return portFailed(path, cause.replace(/^Error:?\s*/, "").replace(/\.$/, ""));
}

function listed(known: readonly string[]): string {
  return known.length === 0
    ? "this machine has none"
    : `there ${known.length === 1 ? "is" : "are"} ${known.join(", ")}`;
}

function isPlainFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}
