import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { readLine, type Told } from "./marked-line.js";

/** A real Espruino that runs one script. */
export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #kill = (): void => void this.#child.kill("SIGKILL");
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
    // A program that ends leaves no engine behind that writes into a folder which is gone.
    process.once("exit", this.#kill);
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      const what = readLine(line);
      if (what !== undefined) told(what);
    });
    this.#child.once("error", () => this.#end(null, ended));
    this.#child.once("exit", (code) => this.#end(code, ended));
  }

  stop(): void {
    this.#stopped = true;
    process.off("exit", this.#kill);
    this.#kill();
  }

  #end(code: number | null, ended: (code: number | null) => void): void {
    process.off("exit", this.#kill);
    if (!this.#stopped) ended(code);
    this.#stopped = true;
  }
}
