import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { SqliteStore } from "../../scripts/fleet/store/sqlite-store.js";
import type { ResultRow } from "../../scripts/fleet/store/store.js";
import { startSertao } from "./sertao-command.js";

/** `sertao fleet serve` as a process of its own, over one store, which each start finds again. */
export class FleetProcess {
  readonly storeFile: string;
  readonly #folder: string;
  readonly #args: readonly string[];
  readonly #ready: RegExp;
  #child: ChildProcess | undefined;

  /** @param ready what it prints once it serves */
  constructor(folder: string, args: readonly string[], ready: RegExp) {
    this.#folder = folder;
    this.#args = args;
    this.#ready = ready;
    this.storeFile = join(folder, "fleet.sqlite");
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    const child = startSertao(this.#folder, ["fleet", "serve", "--store", this.storeFile, ...this.#args]);
    this.#child = child;
    let text = "";
    await new Promise<void>((resolve, reject) => {
      const take = (chunk: Buffer): void => {
        text += String(chunk);
        if (this.#ready.test(text)) resolve();
      };
      child.stdout!.on("data", take);
      child.stderr!.on("data", take);
      child.once("close", () => reject(new Error(`fleet serve ended: ${text}`)));
    });
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
  }

  /** What is in the store. */
  async results(): Promise<ResultRow[]> {
    const store = SqliteStore.open(this.storeFile, { create: false });
    try {
      return await store.results({});
    } finally {
      await store.close();
    }
  }
}
