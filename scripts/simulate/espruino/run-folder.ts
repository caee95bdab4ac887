import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** What a shell adds to a signal's number for the status of a program that it ended. */
const SIGNAL_STATUS = 128;

/** A temporary folder that goes with the run, also where a signal ends the program. */
export class RunFolder {
  readonly path = mkdtempSync(join(tmpdir(), "sertao-"));
  readonly #atExit = (): void => rmSync(this.path, { recursive: true, force: true });
  readonly #atSignal = (signal: (typeof SIGNALS)[number]): void =>
    process.exit(SIGNAL_STATUS + constants.signals[signal]);

  constructor() {
    process.once("exit", this.#atExit);
    for (const signal of SIGNALS) process.once(signal, this.#atSignal);
  }

  remove(): void {
    process.off("exit", this.#atExit);
    for (const signal of SIGNALS) process.off(signal, this.#atSignal);
    this.#atExit();
  }
}
