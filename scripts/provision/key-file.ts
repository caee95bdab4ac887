import { existsSync, readFileSync } from "node:fs";
import { fileUnreadable } from "../errors/files.js";
import { provisionKeysDamaged } from "../errors/provision.js";
import { writePrivately } from "./private-file.js";

const LINE = /^([a-z0-9]{1,23}) ([0-9a-f]{64})$/;

/**
 * Puts a device's key into a key file: one line a device, `device hex`, for the collector's `time` messages. A line that
 * the device has already is replaced.
 * @throws SertaoError PROVISION_KEYS_DAMAGED, FILE_UNREADABLE
 */
export function keepKey(file: string, device: string, key: Uint8Array): void {
  const line = `${device} ${Buffer.from(key).toString("hex")}`;
  const others = readLines(file).filter((known) => !known.startsWith(`${device} `));
  writePrivately(file, [...others, line].map((text) => `${text}\n`).join(""));
}

function readLines(file: string): string[] {
  if (!existsSync(file)) return [];
  const lines = readText(file)
    .split("\n")
    .map((line) => line.trimEnd());
  lines.forEach((line, index) => {
    if (line !== "" && !LINE.test(line)) throw provisionKeysDamaged(file, index + 1);
  });
  return lines.filter((line) => line !== "");
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw fileUnreadable(file, error instanceof Error ? error.message : String(error));
  }
}
