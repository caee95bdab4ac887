import { uploadVerifyFailed } from "../../errors/upload.js";
import type { EspruinoConsole } from "../console/espruino-console.js";
import { type Copy, deltaLiteral, findCopies, readBlocks } from "./delta.js";
import { type DeviceFacts, type FoundFile, isThere, lookAtDevice, type StorageFile } from "./device-files.js";
import { byteLiteral } from "./literal.js";
import { pageScript, planPages } from "./slot-delta.js";
import type { PlacedSlot, SlotWriter } from "./slot-writer.js";

/** Where a file is put together that is made from the one it replaces. */
export const TEMPORARY_FILE = "sertao.tmp";

const HEADER_BYTES = 32;
const WORD_BYTES = 4;
/** Data bytes of one write: its literal must fit a packet, and text, value and packet the engine's memory. */
const MAX_CHUNK_BYTES = 4096;
const MIN_CHUNK_BYTES = 128;
const MEMORY_SHARE = 12;
/** Smaller files are sent faster than compared; larger ones take too long to be written twice. */
const MIN_DELTA_BYTES = 2048;
const MAX_DELTA_BYTES = 131_072;
/** Making room may compact all of Storage. */
const WRITE_TIMEOUT_MS = 60_000;

/** Bytes that a file takes in Storage. */
export function storageBytes(bytes: number): number {
  return HEADER_BYTES + Math.ceil(bytes / WORD_BYTES) * WORD_BYTES;
}

/** Writes files into the Storage of a device whose application is stopped. */
export class StorageWriter {
  readonly #device: EspruinoConsole;
  readonly #chunkBytes: number;
  /** Bytes behind the last file, at least. */
  #freeBytes: number;
  #hasTemporary: boolean;

  /** @param facts of the device: room in Storage and memory, and whether an earlier run left its temporary file */
  constructor(device: EspruinoConsole, { jsVars, storage, files }: DeviceFacts) {
    const share = (jsVars.free * jsVars.bytesEach) / MEMORY_SHARE;
    this.#device = device;
    this.#freeBytes = storage.freeBytes;
    this.#hasTemporary = files.has(TEMPORARY_FILE);
    this.#chunkBytes = Math.max(MIN_CHUNK_BYTES, Math.min(MAX_CHUNK_BYTES, share) & -WORD_BYTES);
  }

  /**
   * Writes a file and verifies it by its length and CRC-32. Where most of it stands in the file that it replaces, and
   * there is room, only what differs is sent.
   * @param old what it replaces
   * @param sent called with the bytes that are there
   * @throws SertaoError UPLOAD_VERIFY_FAILED, CONSOLE_…, PORT_LOST
   */
  async write(file: StorageFile, old: FoundFile | undefined, sent: (bytes: number) => void): Promise<void> {
    if (old === undefined || !(await this.#writeChanges(file, old, sent))) {
      // A file that was cut has the right size and some right bytes: it must go, or they would be in the way.
      if (old !== undefined) await this.#erase(file.name);
      await this.#writeChunks(file.name, file.bytes, (from, to) => byteLiteral(file.bytes.subarray(from, to)), sent);
    }
    if (!(await this.#holds(file))) throw uploadVerifyFailed(file.name);
  }

  /** @returns false where the file must be sent whole */
  async #writeChanges(file: StorageFile, old: FoundFile, sent: (bytes: number) => void): Promise<boolean> {
    const { name, bytes } = file;
    const isWorthIt = bytes.length >= MIN_DELTA_BYTES && Math.max(bytes.length, old.bytes) <= MAX_DELTA_BYTES;
    // Storage that makes room moves its files, and the old one is still needed.
    if (!isWorthIt || this.#freeBytes < 2 * storageBytes(bytes.length)) return false;
    const copies = findCopies(bytes, await readBlocks(this.#device, name, old.bytes));
    if (copiedBytes(copies) < bytes.length / 2) return false;
    if (this.#hasTemporary) await this.#erase(TEMPORARY_FILE);
    this.#hasTemporary = true;
    await this.#evaluate(`o=require("Storage").read(${JSON.stringify(name)}),0`);
    await this.#writeChunks(TEMPORARY_FILE, bytes, (from, to) => deltaLiteral(bytes, from, to, copies), sent);
    if (!(await this.#holds({ name: TEMPORARY_FILE, bytes }))) return false;
    await this.#evaluate(
      `(function(s,t,i){if(t===undefined)return;s.erase(${JSON.stringify(name)});` +
        `for(i=0;i<t.length;i+=${this.#chunkBytes}){E.kickWatchdog();` +
        `s.write(${JSON.stringify(name)},t.substr(i,${this.#chunkBytes}),i,t.length)}` +
        `s.erase("${TEMPORARY_FILE}")})(require("Storage"),require("Storage").read("${TEMPORARY_FILE}"))`,
    );
    this.#hasTemporary = false;
    this.#freeBytes -= storageBytes(bytes.length);
    return true;
  }

  /**
   * Writes the content of a slot, which is made or erased where it must be, and verifies all of it. Where most of it lies
   * there already, only pages that differ are written, from what the device has and what is new.
   * @param place where it lies; undefined where it is not made yet
   * @throws SertaoError UPLOAD_VERIFY_FAILED, CONSOLE_…, PORT_LOST
   */
  async writeSlot(
    slots: SlotWriter,
    file: StorageFile,
    place: PlacedSlot | undefined,
    sent: (bytes: number) => void,
  ): Promise<void> {
    if (place !== undefined) {
      if (await this.#writePages(slots.pageBytes, file, place, sent)) return;
      await slots.clear(place);
    }
    const { address } = place ?? (await slots.make(file));
    for (let at = 0; at < file.contentBytes!; at += this.#chunkBytes) {
      const end = Math.min(at + this.#chunkBytes, file.contentBytes!);
      const literal = byteLiteral(file.bytes.subarray(at, end));
      await this.#evaluate(`(function(d){E.kickWatchdog();require("Flash").write(d,${address + at})})(${literal})`);
      sent(end);
    }
    if (!(await this.#holds(file))) throw uploadVerifyFailed(file.name);
  }

  /** @returns false where the slot must be written whole */
  async #writePages(
    pageBytes: number,
    file: StorageFile,
    { address, bytes }: PlacedSlot,
    sent: (bytes: number) => void,
  ): Promise<boolean> {
    if (pageBytes > this.#chunkBytes) return false;
    const pages = planPages(file, await readBlocks(this.#device, file.name, bytes), pageBytes);
    for (const [i, page] of pages?.entries() ?? []) {
      await this.#evaluate(pageScript(file.bytes, page, address, pageBytes));
      sent(Math.round((file.contentBytes! * (i + 1)) / pages!.length));
    }
    return pages !== undefined && this.#holds(file);
  }

  async #writeChunks(
    name: string,
    bytes: Uint8Array,
    literal: (from: number, to: number) => string,
    sent: (bytes: number) => void,
  ): Promise<void> {
    this.#freeBytes -= storageBytes(bytes.length);
    for (let at = 0; at < bytes.length; at += this.#chunkBytes) {
      const end = Math.min(at + this.#chunkBytes, bytes.length);
      // The watchdog is the application's, which no longer runs. Bytes that are there would be refused a second time.
      await this.#evaluate(
        `(function(s,n,d){E.kickWatchdog();return s.read(n,${at},d.length)===d||s.write(n,d,${at},${bytes.length})})` +
          `(require("Storage"),${JSON.stringify(name)},${literal(at, end)})`,
      );
      sent(end);
    }
  }

  async #holds(file: StorageFile): Promise<boolean> {
    return isThere(file, await lookAtDevice(this.#device, [file.name]));
  }

  async #erase(name: string): Promise<void> {
    await this.#evaluate(`require("Storage").erase(${JSON.stringify(name)})`);
  }

  async #evaluate(expression: string): Promise<void> {
    await this.#device.evaluate(expression, { what: "Writing to Storage", timeoutMs: WRITE_TIMEOUT_MS });
  }
}

function copiedBytes(copies: readonly Copy[]): number {
  return copies.reduce((sum, { bytes }) => sum + bytes, 0);
}
