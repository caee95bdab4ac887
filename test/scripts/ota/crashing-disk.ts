import { dirname } from "node:path";
import type { Disk } from "../../../scripts/ota/disk.js";

/** What a crash leaves of what was not synced: of bytes, and of names. */
export const SURVIVAL = ["neither", "bytes", "names", "both"] as const;
export type Survival = (typeof SURVIVAL)[number];

/** Thrown in place of the operation at which the machine stops. */
export class PowerCut extends Error {}

interface Inode {
  seen: Buffer;
  durable: Buffer;
}

/**
 * A disk with a cache, as POSIX allows it: bytes are durable after `sync`, names after `syncFolder`, and until then a
 * crash keeps either, both or neither. It stops at the operation it is told to; a write stops in its middle.
 */
export class CrashingDisk implements Disk {
  operations = 0;
  stopAt = Infinity;
  /** True for a disk that breaks its word: `syncFolder` does nothing. */
  forgetsNames = false;
  /** Every byte sequence that was ever given to a file of that name's ending: what may have got out. */
  readonly released: { path: string; bytes: Buffer }[] = [];
  #seen = new Map<string, Inode>();
  #durable = new Map<string, Inode>();

  /** A disk with the same durable files. */
  copy(): CrashingDisk {
    return this.copyAfter("neither");
  }

  /** The disk that a machine finds which stops now and starts again. */
  copyAfter(survival: Survival): CrashingDisk {
    const disk = new CrashingDisk();
    disk.#seen = this.#surviving(survival);
    disk.#durable = new Map(disk.#seen);
    return disk;
  }

  /** Stops the machine and starts it again. */
  restart(survival: Survival): void {
    this.#seen = this.#surviving(survival);
    this.#durable = new Map(this.#seen);
    this.stopAt = Infinity;
    this.operations = 0;
  }

  #surviving(survival: Survival): Map<string, Inode> {
    const names = survival === "names" || survival === "both" ? this.#seen : this.#durable;
    const bytes = survival === "bytes" || survival === "both";
    const content = ({ seen, durable }: Inode): Buffer => (bytes ? seen : durable);
    return new Map([...names].map(([path, inode]) => [path, { seen: content(inode), durable: content(inode) }]));
  }

  read(path: string): Uint8Array | undefined {
    this.#step();
    return this.#seen.get(path)?.seen;
  }

  write(path: string, bytes: Uint8Array): void {
    this.released.push({ path, bytes: Buffer.from(bytes) });
    const inode = this.#seen.get(path) ?? { seen: Buffer.alloc(0), durable: Buffer.alloc(0) };
    this.#seen.set(path, inode);
    inode.seen = Buffer.from(bytes.subarray(0, bytes.length >> 1));
    this.#step();
    inode.seen = Buffer.from(bytes);
  }

  sync(path: string): void {
    this.#step();
    const inode = this.#seen.get(path)!;
    inode.durable = inode.seen;
  }

  rename(from: string, to: string): void {
    this.#step();
    this.#seen.set(to, this.#seen.get(from)!);
    this.#seen.delete(from);
  }

  syncFolder(folder: string): void {
    this.#step();
    if (this.forgetsNames) return;
    for (const path of [...this.#durable.keys()])
      if (dirname(path) === folder && !this.#seen.has(path)) this.#durable.delete(path);
    for (const [path, inode] of this.#seen) if (dirname(path) === folder) this.#durable.set(path, inode);
  }

  #step(): void {
    if (++this.operations >= this.stopAt) throw new PowerCut();
  }
}
