import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { findCommand } from "../../../scripts/engine/find-command.js";
import type { SerialDevice } from "./serial-device.js";

/** The engine that is laid out like the field's, or the other; undefined where the machine has none. */
export const espruinoCommand = findCommand("espruino-field") ?? findCommand("espruino");

const RESTART_MS = 50;

/** A real Espruino whose console is a serial device. E.reboot ends the process: it is started again, as a board is. */
export class LiveEspruino implements SerialDevice {
  /** Its flash lives here, in espruino.flash. */
  readonly folder: string;
  readonly #command: string;
  starts = 0;
  /** Called with what it prints. */
  heard: (text: string) => void = () => undefined;
  #send: (bytes: Uint8Array) => void = () => undefined;
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #stopped = false;
  readonly #atExit = (): void => void this.#child?.kill("SIGKILL");

  constructor({ folder, command }: { folder?: string; command?: string } = {}) {
    this.folder = folder ?? mkdtempSync(join(tmpdir(), "sertao-espruino-"));
    this.#command = command ?? espruinoCommand!;
    process.once("exit", this.#atExit);
    this.#start();
  }

  connect(send: (bytes: Uint8Array) => void): void {
    this.#send = send;
  }

  receive(bytes: Uint8Array): void {
    this.#child?.stdin.write(bytes);
  }

  /** As pressing reset. */
  restart(): void {
    this.#child?.kill("SIGKILL");
  }

  stop(): void {
    this.#stopped = true;
    process.off("exit", this.#atExit);
    this.#atExit();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #start(): void {
    this.starts++;
    const child = spawn(this.#command, [], { cwd: this.folder, stdio: ["pipe", "pipe", "ignore"] });
    this.#child = child;
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (bytes: Buffer) => {
      this.heard(bytes.toString("latin1"));
      this.#send(Uint8Array.from(bytes));
    });
    child.once("exit", () => {
      if (!this.#stopped) setTimeout(() => !this.#stopped && this.#start(), RESTART_MS);
    });
  }
}
