import type { Board } from "../../../boards/index.js";
import type { FlashRegion } from "../../../lib/hal/flash-region.js";
import type { SeededRandom } from "../../readings/seeded-random.js";
import { PowerCut } from "../flash/power-cut.js";
import { SimulatedFlash } from "../flash/simulated-flash.js";
import type { TornForm } from "../flash/torn-form.js";

const FORMS = ["none", "all", "prefix", "bits", "scatter", "cells"] as const;
const SEEDS = 1 << 16;
/** More bytes than a record takes. */
const PREFIX_BYTES = 24;

/** The pages of a board for settings and outbox, whose power goes in the middle of an operation now and then. */
export class DeviceFlash implements FlashRegion {
  readonly pageBytes: number;
  readonly pageCount: number;
  readonly writeUnitBytes: number;
  readonly rewritesPerWord: number;
  /** True from the operation in which the power went until `restart`. */
  off = false;
  readonly #flash: SimulatedFlash;

  constructor(board: Board) {
    const [settings, outbox] = board.freeRegions;
    if (settings === undefined || outbox === undefined) throw new RangeError(`${board.id} has no pages for an outbox`);
    const { writeUnitBytes, rewritesPerWord } = board;
    const pageCount = settings.pages + outbox.pages;
    const options = { pageBytes: outbox.pageBytes, pageCount, writeUnitBytes, rewritesPerWord };
    this.#flash = new SimulatedFlash(options);
    this.pageBytes = options.pageBytes;
    this.pageCount = options.pageCount;
    this.writeUnitBytes = writeUnitBytes;
    this.rewritesPerWord = rewritesPerWord;
  }

  /** Lets the power go at an operation drawn at random, in a form drawn at random. */
  planCut(random: SeededRandom, meanOperations: number): void {
    const kind = FORMS[random.below(FORMS.length)]!;
    const bytes = random.below(PREFIX_BYTES);
    const form = { kind, bytes, seed: random.below(SEEDS) } as TornForm;
    this.#flash.cutAt(1 + Math.floor(random.exponential(meanOperations)), form);
  }

  /** Power returns. */
  restart(): void {
    this.off = false;
    this.#flash.restart();
  }

  read(address: number, into: Uint8Array, count: number): void {
    this.#flash.read(address, into, count);
  }

  write(address: number, bytes: Uint8Array, count: number): void {
    this.#work(() => this.#flash.write(address, bytes, count));
  }

  erasePage(page: number): void {
    this.#work(() => this.#flash.erasePage(page));
  }

  /** Remembers that the power went: code between here and the device's loop may catch what is thrown. */
  #work(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof PowerCut) this.off = true;
      throw error;
    }
  }
}
