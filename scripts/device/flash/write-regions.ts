import { createHash } from "node:crypto";
import { flashInterrupted, flashLinkBad, flashVerifyFailed } from "../../errors/flash.js";
import { SertaoError } from "../../errors/sertao-error.js";
import type { ChipLoader } from "./chip-loader.js";

/** Something to be in the flash. */
export interface Region {
  readonly name: string;
  /** On a page boundary. */
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** What became of a region. */
export interface WrittenRegion {
  readonly name: string;
  readonly address: number;
  readonly bytes: number;
  /** Bytes that had to be written; the others were there already. */
  readonly writtenBytes: number;
  /** MD5 that the chip calculated, hexadecimal. */
  readonly md5: string;
}

/** Tells how far it is, and may end it. */
export interface WriteControl {
  readonly progress?: (doneBytes: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

/** What the chip erases fastest; also what is repeated when the link fails. */
const PIECE_BYTES = 0x10000;
const WORD_BYTES = 4;
const ATTEMPTS = 5;
const ERASED = 0xff;

type Loader = Pick<ChipLoader, "md5" | "write" | "recover">;

/**
 * Brings regions into the flash, piece by piece; a piece that is there already is left alone, so an interrupted run
 * goes on where it was. Each piece and each region is verified by the MD5 that the chip reads back.
 * @throws SertaoError FLASH_INTERRUPTED, FLASH_LINK_BAD, FLASH_VERIFY_FAILED, FLASH_NO_ANSWER, PORT_…
 */
export async function writeRegions(
  loader: Loader,
  regions: readonly Region[],
  { progress, signal }: WriteControl = {},
): Promise<WrittenRegion[]> {
  const total = regions.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const written: WrittenRegion[] = [];
  let before = 0;
  for (const region of regions) {
    const start = before;
    const done = (bytes: number): void => progress?.(start + Math.min(bytes, region.bytes.length), total);
    written.push(await writeRegion(new RetryingLoader(loader, region.name, signal), region, done));
    before += region.bytes.length;
    progress?.(before, total);
  }
  return written;
}

async function writeRegion(
  loader: RetryingLoader,
  { name, address, bytes }: Region,
  done: (bytes: number) => void,
): Promise<WrittenRegion> {
  const padded = wholeWords(bytes);
  const wanted = md5Of(padded);
  const summary = { name, address, bytes: bytes.length, md5: wanted };
  if ((await loader.md5(address, padded.length)) === wanted) return { ...summary, writtenBytes: 0 };
  let writtenBytes = 0;
  let at = 0;
  while (at < padded.length) {
    const length = Math.min(PIECE_BYTES - ((address + at) % PIECE_BYTES), padded.length - at);
    const piece = padded.subarray(at, at + length);
    const from = at;
    if (await loader.bring(address + at, piece, (share) => done(from + share * length))) writtenBytes += length;
    at += length;
    done(at);
  }
  if ((await loader.md5(address, padded.length)) !== wanted) throw flashVerifyFailed(name);
  return { ...summary, writtenBytes };
}

/** A loader that repeats what the link spoilt. */
class RetryingLoader {
  readonly #loader: Loader;
  readonly #where: string;
  readonly #signal: AbortSignal | undefined;

  constructor(loader: Loader, where: string, signal: AbortSignal | undefined) {
    this.#loader = loader;
    this.#where = where;
    this.#signal = signal;
  }

  md5(address: number, bytes: number): Promise<string> {
    return this.#repeat(() => this.#loader.md5(address, bytes));
  }

  /** Writes a piece unless it is there. @returns true where it had to */
  async bring(address: number, piece: Uint8Array, sent: (share: number) => void): Promise<boolean> {
    const wanted = md5Of(piece);
    if ((await this.md5(address, piece.length)) === wanted) return false;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await this.#repeat(() =>
        this.#loader.write(address, piece, (share) => {
          this.#stopIfAsked();
          sent(share);
        }),
      );
      if ((await this.md5(address, piece.length)) === wanted) return true;
    }
    throw flashVerifyFailed(`${this.#where} at 0x${address.toString(16)}`);
  }

  async #repeat<T>(work: () => Promise<T>): Promise<T> {
    let cause = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      this.#stopIfAsked();
      try {
        if (attempt > 0) await this.#loader.recover();
        return await work();
      } catch (error) {
        if (error instanceof SertaoError) throw error;
        cause = error instanceof Error ? error.message.split("\n")[0]!.replace(/\.$/, "") : String(error);
      }
    }
    throw flashLinkBad(this.#where, cause);
  }

  #stopIfAsked(): void {
    if (this.#signal?.aborted) throw flashInterrupted(`the ${this.#where} is not complete`);
  }
}

/** A region that is erased: all bits set. */
export function erasedRegion(name: string, address: number, bytes: number): Region {
  return { name, address, bytes: new Uint8Array(bytes).fill(ERASED) };
}

function wholeWords(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / WORD_BYTES) * WORD_BYTES).fill(ERASED);
  padded.set(bytes);
  return padded;
}

function md5Of(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
