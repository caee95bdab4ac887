import { DeviceError } from "../../../lib/core/device-error.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import type { FlashRegion } from "../../../lib/hal/flash-region.js";
import { SeededRandom } from "../../readings/seeded-random.js";
import { PowerCut } from "./power-cut.js";
import type { FlashOperation, TornForm } from "./torn-form.js";

export interface SimulatedFlashOptions {
  readonly pageBytes: number;
  readonly pageCount: number;
  readonly writeUnitBytes: number;
  /** Writes to one unit between erases beyond this are refused, as the data sheet forbids them. */
  readonly rewritesPerWord: number;
}

/** The NOR flash of the ESP32 family, with fewer rewrites than it allows. */
export const ESP32_FLASH: SimulatedFlashOptions = {
  pageBytes: 4096,
  pageCount: 16,
  writeUnitBytes: 4,
  rewritesPerWord: 8,
};

/** All that a flash keeps without power. */
export interface FlashSnapshot {
  readonly bytes: Uint8Array;
  readonly unstable: Uint8Array | undefined;
  readonly writes: Uint8Array;
  readonly erases: readonly number[];
  readonly random: number;
}

/**
 * NOR flash as unkind as the real: writes only clear bits, come in whole units and so many times; an erase takes a
 * page. Writes and erases are counted as operations, from 1; the power can be cut at any of them.
 */
export class SimulatedFlash implements FlashRegion {
  readonly pageBytes: number;
  readonly pageCount: number;
  readonly writeUnitBytes: number;
  readonly rewritesPerWord: number;
  /** Flash operations since construction or `restore`. */
  operations = 0;
  /** Reads since construction or `restore`, and the bytes they gave. */
  reads = 0;
  bytesRead = 0;
  /** Bytes that writes took. */
  bytesWritten = 0;
  /** Called with each operation before it happens. */
  onOperation: ((operation: FlashOperation) => void) | undefined;

  #bytes: Uint8Array;
  #unstable: Uint8Array | undefined;
  #writes: Uint8Array;
  #erases: number[];
  #cutAt = 0;
  #form: TornForm = { kind: "none" };
  #off = false;
  #random = new SeededRandom(1);
  #randomSeed = 1;

  constructor(options: SimulatedFlashOptions = ESP32_FLASH) {
    this.pageBytes = options.pageBytes;
    this.pageCount = options.pageCount;
    this.writeUnitBytes = options.writeUnitBytes;
    this.rewritesPerWord = options.rewritesPerWord;
    this.#bytes = new Uint8Array(options.pageBytes * options.pageCount).fill(0xff);
    this.#writes = new Uint8Array(this.#bytes.length / options.writeUnitBytes);
    this.#erases = new Array<number>(options.pageCount).fill(0);
  }

  /** Erases of each page, torn ones included. */
  get eraseCounts(): readonly number[] {
    return this.#erases;
  }

  /** The bytes as they are, for tests that look at them or damage them. */
  get image(): Uint8Array {
    return this.#bytes;
  }

  /** Cuts the power at an operation counted from now (1: the next), leaving it in the given form. */
  cutAt(operation: number, form: TornForm): void {
    this.#cutAt = this.operations + operation;
    this.#form = form;
  }

  /** True until the operation has come that `cutAt` named. */
  get cutIsPlanned(): boolean {
    return this.#cutAt > this.operations;
  }

  /** Power returns: the flash is as it was left, and no cut is planned. */
  restart(): void {
    this.#off = false;
    this.#cutAt = 0;
  }

  snapshot(): FlashSnapshot {
    return {
      bytes: this.#bytes.slice(),
      unstable: this.#unstable?.slice(),
      writes: this.#writes.slice(),
      erases: [...this.#erases],
      random: this.#randomSeed,
    };
  }

  restore(snapshot: FlashSnapshot): void {
    this.#bytes.set(snapshot.bytes);
    this.#unstable = snapshot.unstable?.slice();
    this.#writes.set(snapshot.writes);
    this.#erases = [...snapshot.erases];
    this.#reseed(snapshot.random);
    this.operations = this.reads = this.bytesRead = this.bytesWritten = 0;
    this.restart();
  }

  read(address: number, into: Uint8Array, count: number): void {
    this.#inside(address, count);
    this.reads++;
    this.bytesRead += count;
    into.set(this.#bytes.subarray(address, address + count));
    if (this.#unstable === undefined) return;
    for (let i = 0; i < count; i++) {
      const cells = this.#unstable[address + i]!;
      if (cells !== 0) into[i] = into[i]! ^ (cells & this.#random.below(256));
    }
  }

  write(address: number, bytes: Uint8Array, count: number): void {
    this.#inside(address, count);
    const unit = this.writeUnitBytes;
    if (address % unit !== 0 || count % unit !== 0 || count === 0) refuse(address);
    for (let i = address / unit; i < (address + count) / unit; i++) {
      if (this.#writes[i]! >= this.rewritesPerWord) refuse(address);
    }
    const cut = this.#begin({ kind: "write", address, count });
    const cells = cut
      ? tornWrite(this.#form, bytes, count, unit, this.#seed() + address * 31 + bytes[0]! * 257)
      : bytes;
    for (let i = address / unit; i < (address + count) / unit; i++) this.#writes[i] = this.#writes[i]! + 1;
    for (let i = 0; i < count; i++) {
      this.#bytes[address + i] = this.#bytes[address + i]! & cells[i]!;
      // A cell that is programmed is firmly zero, whatever an interrupted erase left of it.
      if (this.#unstable !== undefined) this.#unstable[address + i] = this.#unstable[address + i]! & cells[i]!;
    }
    this.bytesWritten += count;
    if (cut) throw new PowerCut(this.operations);
  }

  erasePage(page: number): void {
    const start = page * this.pageBytes;
    this.#inside(start, this.pageBytes);
    const cut = this.#begin({ kind: "erase", address: start, count: this.pageBytes });
    if (!cut || this.#form.kind !== "none") this.#erases[page] = this.#erases[page]! + 1;
    if (!cut || this.#form.kind === "all") {
      this.#bytes.fill(0xff, start, start + this.pageBytes);
      this.#unstable?.fill(0, start, start + this.pageBytes);
      this.#writes.fill(0, start / this.writeUnitBytes, (start + this.pageBytes) / this.writeUnitBytes);
    } else if (this.#form.kind === "cells") this.#tearErase(start, this.#form.seed);
    if (cut) throw new PowerCut(this.operations);
  }

  #tearErase(start: number, seed: number): void {
    const random = new SeededRandom(seed * 7919 + start + 1);
    const unstable = (this.#unstable ??= new Uint8Array(this.#bytes.length));
    // Real erases fail in runs and in single cells: the front done, the back done, all cells nearly, or any mixture.
    const edge = random.below(this.pageBytes);
    for (let i = 0; i < this.pageBytes; i++) {
      const old = this.#bytes[start + i]!;
      const touched = seed % 4 === 0 ? i < edge : seed % 4 === 1 ? i >= edge : true;
      if (!touched) continue;
      const done = seed % 4 === 2 ? 0xff : random.below(256);
      const doubtful = ~old & (seed % 4 === 3 ? ~done & random.below(256) : random.below(256) & random.below(256));
      this.#bytes[start + i] = old | done;
      unstable[start + i] = unstable[start + i]! | (doubtful & 255);
    }
  }

  #begin(operation: FlashOperation): boolean {
    if (this.#off) throw new PowerCut(this.operations);
    this.onOperation?.(operation);
    this.operations++;
    if (this.operations !== this.#cutAt) return false;
    this.#off = true;
    return true;
  }

  #inside(address: number, count: number): void {
    if (this.#off) throw new PowerCut(this.operations);
    if (address < 0 || address + count > this.#bytes.length) refuse(address);
  }

  #seed(): number {
    this.#reseed(this.#randomSeed + 1);
    return this.#randomSeed;
  }

  #reseed(seed: number): void {
    this.#randomSeed = seed;
    this.#random = new SeededRandom(seed);
  }
}

/** The bits that an interrupted write leaves clear: ones stay untouched. */
function tornWrite(form: TornForm, bytes: Uint8Array, count: number, unit: number, salt: number): Uint8Array {
  const cells = new Uint8Array(count).fill(0xff);
  if (form.kind === "all") cells.set(bytes.subarray(0, count));
  if (form.kind === "prefix" || form.kind === "bits") cells.set(bytes.subarray(0, Math.min(form.bytes, count)));
  if (form.kind !== "bits" && form.kind !== "scatter") return cells;
  const random = new SeededRandom(form.seed * 104729 + salt * 7919);
  if (form.kind === "bits") {
    const to = Math.min(count, form.bytes - (form.bytes % unit) + unit);
    for (let i = form.bytes; i < to; i++) cells[i] = bytes[i]! | random.below(256);
    return cells;
  }
  // Word by word: untouched, done, or a subset of its bits.
  for (let from = 0; from < count; from += unit) {
    const fate = random.below(3);
    for (let i = from; i < from + unit; i++) {
      cells[i] = fate === 0 ? 0xff : fate === 1 ? bytes[i]! : bytes[i]! | random.below(256);
    }
  }
  return cells;
}

function refuse(address: number): never {
  throw new DeviceError(ErrorCode.FLASH_WRITE_FAILED, address);
}
