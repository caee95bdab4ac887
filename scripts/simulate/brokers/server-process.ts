import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { brokerNotStarted } from "../../errors/soak.js";
import type { Broker, BrokerPlace } from "./broker.js";
import { freePort } from "./free-port.js";

const running = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * Starts a server program and waits until it accepts connections.
 * @param prepare writes its configuration for a port and a folder, and returns its arguments
 */
export async function startServerProcess(
  name: string,
  command: string,
  place: BrokerPlace,
  prepare: (port: number, folder: string) => string[] | Promise<string[]>,
): Promise<Broker> {
  const folder = place.folder ?? mkdtempSync(join(tmpdir(), `sertao-${name}-`));
  for (let attempt = 1; ; attempt++) {
    const port = place.port ?? (await freePort());
    const child = spawn(command, await prepare(port, folder), { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    const output: string[] = [];
    child.stdout.on("data", (text: Buffer) => output.push(text.toString()));
    child.stderr.on("data", (text: Buffer) => output.push(text.toString()));
    const ended = new Promise<void>((resolve) => {
      child.once("close", () => {
        running.delete(child);
        resolve();
      });
    });
    if (await accepts(port, child)) return new ServerProcess(name, port, folder, child, ended);
    child.kill("SIGKILL");
    await ended;
    if (attempt === 3) throw brokerNotStarted(name, output.join(""));
  }
}

class ServerProcess implements Broker {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(
    readonly name: string,
    readonly port: number,
    readonly folder: string,
    child: ChildProcess,
    ended: Promise<void>,
  ) {
    this.#child = child;
    this.#ended = ended;
  }

  stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    return this.#ended;
  }

  kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    return this.#ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function accepts(port: number, child: ChildProcess): Promise<boolean> {
  for (let tries = 0; tries < 500 && child.exitCode === null && child.signalCode === null; tries++) {
    if (await reachable(port)) return true;
    await delay(20);
  }
  return false;
}

function reachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
