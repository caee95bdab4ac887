import { crc32 } from "../../../lib/core/crc32.js";
import type { StorageFile } from "../../bundle/device-files.js";
import type { EspruinoConsole } from "../console/espruino-console.js";

export type { StorageFile } from "../../bundle/device-files.js";

/** A file that is in the board's Storage. */
export interface FoundFile {
  readonly bytes: number;
  readonly crc: number;
}

/** What a running device says of itself. */
export interface DeviceFacts {
  /** Firmware, "2v29.277". */
  readonly version: string;
  /** The firmware's name for the board, "ESP32". */
  readonly board: string;
  readonly jsVars: { readonly free: number; readonly total: number; readonly bytesEach: number };
  readonly storage: { readonly totalBytes: number; readonly freeBytes: number; readonly trashBytes: number };
  /** Files of the names asked for; those that are missing are left out. */
  readonly files: ReadonlyMap<string, FoundFile>;
}

const LOOK_TIMEOUT_MS = 30_000;

interface Answer {
  readonly v: string;
  readonly b: string;
  readonly m: readonly [free: number, total: number, bytesEach: number];
  readonly s: readonly [total: number, free: number, trash: number];
  readonly f: readonly (0 | readonly [bytes: number, crc: number])[];
}

/** Asks a device what it is, and for size and CRC-32 of files. @throws SertaoError CONSOLE_…, PORT_LOST */
export async function lookAtDevice(device: EspruinoConsole, names: readonly string[]): Promise<DeviceFacts> {
  const look =
    `(function(n){var s=require("Storage"),t=s.getStats(),e=process.env,m=process.memory();` +
    `return{v:e.VERSION,b:e.BOARD,m:[m.free,m.total,m.blocksize],s:[t.totalBytes,t.freeBytes,t.trashBytes],` +
    `f:n.map(function(n){var d=s.read(n);return d===undefined?0:[d.length,E.CRC32(d)]})}})(${JSON.stringify(names)})`;
  const options = { what: "Looking at the files", timeoutMs: LOOK_TIMEOUT_MS };
  const { v, b, m, s, f } = (await device.evaluateJson(look, options)) as Answer;
  const found = names.flatMap((name, i): [string, FoundFile][] => {
    const file = f[i]!;
    return file === 0 ? [] : [[name, { bytes: file[0], crc: file[1] >>> 0 }]];
  });
  return {
    version: v,
    board: b,
    jsVars: { free: m[0], total: m[1], bytesEach: m[2] },
    storage: { totalBytes: s[0], freeBytes: s[1], trashBytes: s[2] },
    files: new Map(found),
  };
}

/** True where the device has the file with these bytes, by its length and CRC-32. */
export function isThere({ name, bytes }: StorageFile, { files }: Pick<DeviceFacts, "files">): boolean {
  const found = files.get(name);
  return found !== undefined && found.bytes === bytes.length && found.crc === crc32(bytes);
}
