import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileUnreadable } from "../../errors/files.js";
import type { SertaoError } from "../../errors/sertao-error.js";

const OWNER_ONLY = 0o600;

/** How one device's line becomes an entry, and back. */
export interface LineFormat<Entry> {
  /** Undefined where it is no such line. */
  parse(line: string): { device: string; entry: Entry } | undefined;
  write(device: string, entry: Entry): string;
  /** The error for a line that is none. */
  damaged(file: string, line: number): SertaoError;
}

/** A file with a secret for each device, one line each, for its owner alone; read again when it changes. */
export class DeviceLines<Entry> {
  readonly #file: string;
  readonly #format: LineFormat<Entry>;
  #entries: ReadonlyMap<string, Entry> = new Map();
  #changedMs = -1;

  constructor(file: string, format: LineFormat<Entry>) {
    this.#file = file;
    this.#format = format;
  }

  /**
   * What the file holds now: the same object for as long as it has not changed. Empty where there is no file.
   * @throws SertaoError FILE_UNREADABLE, and what the format says of a damaged line
   */
  entries(): ReadonlyMap<string, Entry> {
    if (!existsSync(this.#file)) {
      if (this.#entries.size > 0) this.#entries = new Map();
      this.#changedMs = -1;
      return this.#entries;
    }
    const changedMs = statSync(this.#file).mtimeMs;
    if (changedMs !== this.#changedMs) {
      this.#entries = this.#parse(this.#read());
      this.#changedMs = changedMs;
    }
    return this.#entries;
  }

  /** Adds or replaces a device's entry. */
  set(device: string, entry: Entry): void {
    const entries = new Map(this.entries()).set(device, entry);
    this.#write([...entries].map(([name, one]) => `${this.#format.write(name, one)}\n`).join(""));
    this.#changedMs = -1;
  }

  #parse(text: string): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    text.split("\n").forEach((line, index) => {
      if (line === "") return;
      const parsed = this.#format.parse(line);
      if (parsed === undefined) throw this.#format.damaged(this.#file, index + 1);
      entries.set(parsed.device, parsed.entry);
    });
    return entries;
  }

  #read(): string {
    try {
      return readFileSync(this.#file, "utf8");
    } catch (error) {
      throw fileUnreadable(this.#file, reason(error));
    }
  }

  /** Written aside and renamed: a reader sees the old file or the new one. */
  #write(text: string): void {
    const aside = `${this.#file}.${process.pid}.new`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileSync(aside, text, { mode: OWNER_ONLY, flush: true });
      renameSync(aside, this.#file);
    } catch (error) {
      throw fileUnreadable(this.#file, reason(error));
    }
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
