import { copyBytes, equalBytes, writeU32 } from "../core/bytes.js";
import type { ErrorCode } from "../core/error-code.js";
import { SettingKey } from "../settings/keys.js";
import { Lent, type LentHost } from "./agent-link.js";
import type { Part } from "./fetcher.js";
import { OfferAt } from "./offer.js";

/** Sequence, front of the envelope's digest, then how much is in flash: whole pieces and blocks, and words of the next piece. */
const enum At {
  DIGEST = 4,
  DONE = 12,
  PART = 14,
  BYTES = 15,
}

/**
 * How far a download has come, in the settings. Everything is fetched in order, so two numbers say it: pieces of the
 * envelope, and verified blocks of the image. A third one says what has come of the piece after them.
 */
export class Progress {
  private readonly _bytes = new Uint8Array(At.BYTES);

  /** Goes on with what the settings have of this offer; begins anew where they have another. */
  constructor(private readonly _lent: LentHost) {
    const bytes = this._bytes;
    const offer = _lent[Lent.OFFER];
    const stored = _lent[Lent.GET_SETTING](SettingKey.UPDATE_PROGRESS);
    writeU32(bytes, 0, offer[OfferAt.SEQUENCE]);
    copyBytes(offer[OfferAt.DIGEST], 0, bytes, At.DIGEST, At.DONE - At.DIGEST);
    if (equalBytes(stored, 0, bytes, 0, At.DONE)) bytes.set(stored);
  }

  done(part: Part): number {
    return this._bytes[At.DONE + part]!;
  }

  /** One more is in flash. @returns OK, SETTINGS_FULL or FLASH_WRITE_FAILED */
  advance(part: Part): ErrorCode {
    this._bytes[At.DONE + part]! += 1;
    return this.keepPart(0);
  }

  /** Words of 4 bytes that are kept of the piece that comes next. */
  part(): number {
    return this._bytes[At.PART]!;
  }

  /** So many words of it are in flash. @returns as above */
  keepPart(words: number): ErrorCode {
    this._bytes[At.PART] = words;
    return this._lent[Lent.SET_SETTING](SettingKey.UPDATE_PROGRESS, this._bytes);
  }

  /** There is nothing to go on with. */
  forget(): void {
    this._lent[Lent.SET_SETTING](SettingKey.UPDATE_PROGRESS, new Uint8Array(0));
  }
}
