import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { fileUnreadable } from "../errors/files.js";

/** Everything that happens, as lines: hashed always, so that two runs can be compared, and written where asked. */
export class Trace {
  readonly #hash = createHash("sha256");
  readonly #file: number | undefined;
  #digest: string | undefined;

  /** @throws SertaoError FILE_UNREADABLE */
  constructor(path?: string) {
    try {
      this.#file = path === undefined ? undefined : openSync(path, "w");
    } catch (error) {
      throw fileUnreadable(path!, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param who device id, or "link d1" */
  add(timeMs: number, who: string, what: string): void {
    const line = `${timeMs.toFixed(3)} ${who} ${what}\n`;
    this.#hash.update(line);
    if (this.#file !== undefined) writeSync(this.#file, line);
  }

  /** SHA-256 of all lines, in hexadecimal. Ends the trace. */
  close(): string {
    if (this.#digest !== undefined) return this.#digest;
    this.#digest = this.#hash.digest("hex");
    if (this.#file !== undefined) closeSync(this.#file);
    return this.#digest;
  }
}
