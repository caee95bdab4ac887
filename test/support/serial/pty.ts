import { type ChildProcessByStdio, spawn } from "node:child_process";
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { findCommand } from "../../../scripts/engine/find-command.js";
import type { SerialDevice } from "./serial-device.js";

/** Makes pseudo-terminals; tests that need it are skipped by name where the machine has none. */
export const socatCommand = findCommand("socat");

const OPEN_TIMEOUT_MS = 5_000;

/** A pseudo-terminal: a serial port as far as programs can tell, but for its control lines. */
export class Pty {
  readonly path: string;
  readonly #folder: string;
  readonly #socat: ChildProcessByStdio<Writable, Readable, null>;
  readonly #held: number;

  private constructor(folder: string, path: string, socat: ChildProcessByStdio<Writable, Readable, null>) {
    this.#folder = folder;
    this.path = path;
    this.#socat = socat;
    // socat ends when the last program closes the port: this one never does.
    this.#held = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  }

  /** @param other what socat joins it to: "-", or the address of a program */
  static async open(other = "-"): Promise<Pty> {
    const folder = mkdtempSync(join(tmpdir(), "sertao-pty-"));
    const path = join(folder, "tty");
    const socat = spawn(socatCommand!, [`PTY,link=${path},rawer`, other], { stdio: ["pipe", "pipe", "ignore"] });
    socat.stdin.on("error", () => undefined);
    const atExit = (): void => void socat.kill("SIGKILL");
    process.once("exit", atExit);
    socat.once("exit", () => process.off("exit", atExit));
    for (const deadline = Date.now() + OPEN_TIMEOUT_MS; !existsSync(path); await sleep(5))
      if (Date.now() > deadline) throw new Error("socat made no pseudo-terminal");
    return new Pty(folder, path, socat);
  }

  /** A port with a device behind it. */
  static async with(device: SerialDevice): Promise<Pty> {
    const pty = await Pty.open();
    device.connect((bytes) => void pty.#socat.stdin.write(bytes));
    pty.#socat.stdout.on("data", (bytes: Buffer) => device.receive(Uint8Array.from(bytes)));
    return pty;
  }

  /** As pulling the plug. */
  async close(): Promise<void> {
    const ended =
      this.#socat.exitCode === null && this.#socat.signalCode === null ? once(this.#socat, "exit") : undefined;
    this.#socat.kill("SIGKILL");
    await ended;
    closeSync(this.#held);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
