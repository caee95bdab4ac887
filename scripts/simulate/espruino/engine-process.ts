import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { readLine, type Told } from "./marked-line.js";

/** A real Espruino that runs one script. */
export class EngineProcess {
  readonly #child: ChildProcess;
  #stopped = false;

  /** @param ended called when it ends by itself, with its exit code */
  constructor(
    command: string,
    folder: string,
    script: string,
    told: (what: Told) => void,
    ended: (code: number | null) => void,
  ) {
    // Standard input stays open: at its end Espruino floods its own input queue.
    this.#child = spawn(command, [script], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      const what = readLine(line);
      if (what !== undefined) told(what);
    });
    this.#child.once("error", () => this.#end(null, ended));
    this.#child.once("exit", (code) => this.#end(code, ended));
  }

  stop(): void {
    this.#stopped = true;
    this.#child.kill("SIGKILL");
  }

  #end(code: number | null, ended: (code: number | null) => void): void {
    if (!this.#stopped) ended(code);
    this.#stopped = true;
  }
}
