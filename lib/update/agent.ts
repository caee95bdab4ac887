import { copyOf } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";
import { MORE } from "../crypto/lms.js";
import { attempt } from "../flash/attempt.js";
import { Lent, Model, type LentHost } from "./agent-link.js";
import { isFirstOfPair, keepCompanion, waitingCompanion } from "./companion.js";
import { Fetcher, Part } from "./fetcher.js";
import type { UpdateHost } from "./host.js";
import { blockCount, Field, PIECE_BYTES, readManifest, UpdateKind, type Manifest } from "./manifest.js";
import { OfferAt, type Offer } from "./offer.js";
import { hashesTo, isBlock, unpackPiece } from "./pieces.js";
import { Progress } from "./progress.js";
import type { OpenEnvelope } from "./proof.js";
import { refusalOf } from "./refusal.js";
import { rememberRefused } from "./refused-updates.js";
import { changeKey } from "./trusted-keys.js";
import { readKeys, writeKeys, type UpdateKeys } from "./update-keys.js";
import { UpdateState } from "./update-state.js";
import { versionNumber } from "./version-number.js";

/** The slot that holds the envelope of the update that is being fetched. */
export const ENVELOPE_FILE = "update.env";
/** The slot that holds what has come of a piece when a connection ended. */
export const PART_FILE = "update.prt";

/** What a device holds in memory while the pieces of a block come. A longer one does not verify. */
const MAX_BLOCK_BYTES = 8192;
/** Blocks that may come wrong: who feeds the broker is trusted no more than a wire. */
const MAX_WRONG_BLOCKS = 3;
/** An engine does not reach further into one buffer. */
const MAX_DIGESTED_BYTES = 65535;

/**
 * Fetches the update of one offer, verifies it and hands it over to the slots. Lives while the offer is open, goes on
 * where an earlier one was interrupted, and ends with CLOSE of its host. Touches nothing that is in use.
 */
export class UpdateAgent {
  private readonly _lent: LentHost;
  private readonly _offer: Offer;
  private readonly _fetcher: Fetcher;
  private readonly _progress: Progress;
  private readonly _keys: UpdateKeys;
  /** Once the envelope is genuine. */
  private _manifest!: Manifest | undefined;
  // Of the image, once it is fetched.
  private _spare!: string;
  private _block!: Uint8Array;
  /** Bytes of the block that are there. */
  private _have = 0;
  private _wrong = 0;
  // Unset is false.
  private _isOver!: boolean;

  constructor(private readonly _host: UpdateHost) {
    const lent = (this._lent = _host.lent);
    this._offer = lent[Lent.OFFER];
    this._progress = new Progress(lent);
    this._keys = readKeys(_host);
    this._fetcher = new Fetcher(_host, (length) => this._do(() => this._take(length)));
  }

  /** Begins, or goes on. An envelope that has come before a restart is verified again: flash proves nothing. */
  start(): void {
    if (this._isOver) return;
    const lent = this._lent;
    const kind = this._offer[OfferAt.KIND];
    const sequence = this._offer[OfferAt.SEQUENCE];
    if (this._keys.changedBy === sequence) this._keyIsChanged();
    else if (sequence > lent[Lent.ACCEPTED]) this._fetchEnvelope();
    // Perhaps the power went before the fleet was told.
    else if (lent[Lent.WAITING](kind & 1) === sequence) this._end(UpdateState.STAGED, 0, false);
    else this._refuse(ErrorCode.UPDATE_SEQUENCE_OLD, true);
  }

  /** Takes `update/block`, whole or as far as it has come. */
  heard(bytes: Uint8Array, start: number, end: number): void {
    this._fetcher.heard(bytes, start, end);
  }

  /** There is a new connection. */
  connected(): void {
    this._fetcher.ask();
  }

  /**
   * The connection has ended. Keeps aside what has come of a piece: the device may sleep now, or lose its power. Nothing has
   * verified it yet, so it goes nowhere else.
   */
  closed(): void {
    const words = this._fetcher.pieceBytes() >> 2;
    // The front of a block of several pieces is in memory only.
    if (this._have || !words || words === this._progress.part()) return;
    const files = this._host.files;
    attempt(() => {
      files.clearSlot(PART_FILE);
      files.writeSlot(PART_FILE, 0, new Uint8Array(this._fetcher.piece.buffer, 0, words * 4));
      return this._progress.keepPart(words);
    });
  }

  /** Ends it without a word: there is another offer, or none. */
  stop(): void {
    this._isOver = true;
    this._fetcher.stop();
  }

  /** Does a part of the work; what goes wrong with it is why the update is refused. */
  private _do(work: () => ErrorCode): void {
    const code = attempt(work);
    if (code) this._refuse(code, this._manifest !== undefined);
  }

  private _take(length: number): ErrorCode {
    return this._manifest ? this._takeImage(this._manifest, length) : this._takeEnvelope(length);
  }

  private _fetchEnvelope(): void {
    const done = this._progress.done(Part.ENVELOPE);
    if (!this._openWhole(done)) this._begin(Part.ENVELOPE, this._offer[OfferAt.ENVELOPE_BYTES], done);
  }

  private _takeEnvelope(length: number): ErrorCode {
    const files = this._host.files;
    const done = this._progress.done(Part.ENVELOPE);
    if (!done) files.clearSlot(ENVELOPE_FILE);
    files.writeSlot(ENVELOPE_FILE, done * PIECE_BYTES, new Uint8Array(this._fetcher.piece.buffer, 0, length));
    const code = this._progress.advance(Part.ENVELOPE);
    if (!code) this._openWhole(done + 1);
    return code;
  }

  /** Compares an envelope with the offer and verifies it, once all `pieces` of it are there; false before. */
  private _openWhole(pieces: number): boolean {
    const { files, proof } = this._host;
    const envelopeBytes = this._offer[OfferAt.ENVELOPE_BYTES];
    if (pieces * PIECE_BYTES < envelopeBytes) return false;
    this._fetcher.stop();
    const file = files.read(ENVELOPE_FILE);
    const envelope = file && copyOf(new Uint8Array(file), 0, envelopeBytes);
    if (envelope && hashesTo(proof.digest, envelope, this._offer[OfferAt.DIGEST], 0, 32))
      this._verify(envelope, proof.open(this._keys.trusted, envelope));
    else this._refuse(ErrorCode.UPDATE_DAMAGED, false);
    return true;
  }

  /** Between its steps the engine does other things. */
  private _verify(envelope: Uint8Array, opened: OpenEnvelope): void {
    this._host.clock.after(1, () => {
      if (this._isOver) return;
      const state = opened.step();
      if (state === MORE) this._verify(envelope, opened);
      else this._do(() => state || this._judge(envelope, opened));
    });
  }

  /** The envelope is genuine: does the device want what it says? */
  private _judge(envelope: Uint8Array, opened: OpenEnvelope): ErrorCode {
    const lent = this._lent;
    const manifest = readManifest(envelope, opened.payloadAt, opened.payloadEnd);
    if (typeof manifest === "number") return manifest;
    const kind = manifest[Field.KIND];
    const isKey = kind === UpdateKind.KEY;
    if (manifest[Field.SEQUENCE] !== this._offer[OfferAt.SEQUENCE]) return ErrorCode.UPDATE_DAMAGED;
    this._manifest = manifest;
    // A key needs no room: that of the envelope will do.
    const spare = (this._spare = isKey ? ENVELOPE_FILE : lent[Lent.SPARE_FILE](kind));
    if (!spare) return ErrorCode.UPDATE_ON_TRIAL;
    const model = lent[Lent.MODEL];
    const active = {
      sequence: 0,
      operators: kind ? model[Model.OPERATORS] : lent[Lent.OPERATORS],
      inputBytes: model[Model.INPUT_BYTES],
      outputBytes: model[Model.OUTPUT_BYTES],
    };
    const room = this._host.files.slotBytes(spare);
    const target = {
      application: lent[Lent.APPLICATION],
      board: lent[Lent.BOARD],
      device: lent[Lent.DEVICE],
      runtime: versionNumber(lent[Lent.RUNTIME]),
      sequence: lent[Lent.ACCEPTED],
      maxImageBytes: [room, room, room],
      // Another model takes the place of the one in use.
      arenaBytes: lent[Lent.FREE_BYTES] + model[Model.ARENA_BYTES],
    };
    const code = refusalOf(manifest, target, waitingCompanion(lent, manifest) || active);
    if (code && (code !== ErrorCode.UPDATE_COMPANION_MISSING || !isFirstOfPair(manifest))) return code;
    return isKey ? this._changeKey(manifest, opened.signer) : this._fetchImage(manifest);
  }

  private _changeKey(manifest: Manifest, signer: number): ErrorCode {
    const keys = this._keys.trusted;
    const code = changeKey(manifest, signer, keys) || writeKeys(this._lent, keys, manifest[Field.SEQUENCE]);
    if (!code) this._keyIsChanged();
    return code;
  }

  private _keyIsChanged(): void {
    this._lent[Lent.ACCEPT](this._offer[OfferAt.SEQUENCE]);
    this._end(UpdateState.CONFIRMED, ErrorCode.OK, false);
  }

  private _fetchImage(manifest: Manifest): ErrorCode {
    const done = this._progress.done(Part.IMAGE);
    const blockBytes = manifest[Field.BLOCK_BYTES];
    if (done === blockCount(manifest)) return this._hand(manifest);
    if (!done) {
      const code = this._lent[Lent.WITHDRAW](manifest[Field.KIND]);
      if (code) return code;
      this._host.files.clearSlot(this._spare);
      this._report(UpdateState.FETCHING, ErrorCode.OK);
    }
    this._block = new Uint8Array(Math.min(blockBytes, MAX_BLOCK_BYTES));
    this._begin(Part.IMAGE, manifest[Field.IMAGE_BYTES], (done * blockBytes) / PIECE_BYTES);
    return ErrorCode.OK;
  }

  /** Begins with a piece, or goes on with what an earlier boot has kept of it. */
  private _begin(part: Part, bytes: number, piece: number): void {
    const length = this._progress.part() * 4;
    if (length) this._fetcher.piece.set(new Uint8Array(this._host.files.read(PART_FILE)!, 0, length));
    this._fetcher.begin(part, bytes, piece * PIECE_BYTES + length);
  }

  /** A piece of the image has come; with the last one of a block, the block is checked and kept. */
  private _takeImage(manifest: Manifest, length: number): ErrorCode {
    const fetcher = this._fetcher;
    const buffer = this._block.buffer;
    const imageBytes = manifest[Field.IMAGE_BYTES];
    const done = this._progress.done(Part.IMAGE);
    const at = done * manifest[Field.BLOCK_BYTES];
    const block = new Uint8Array(buffer, 0, Math.min(this._block.length, imageBytes - at));
    const piece = new Uint8Array(buffer, this._have, Math.min(PIECE_BYTES, block.length - this._have));
    const isPiece = unpackPiece(manifest, fetcher.piece, 0, length, piece);
    this._have += piece.length;
    if (isPiece && this._have < block.length) return ErrorCode.OK;
    this._have = 0;
    if (!isPiece || !isBlock(manifest, this._host.proof.digest, done, block)) {
      fetcher.begin(Part.IMAGE, imageBytes, at);
      return this._wrong++ < MAX_WRONG_BLOCKS ? this._progress.keepPart(0) : ErrorCode.UPDATE_DAMAGED;
    }
    this._host.files.writeSlot(this._spare, at, block);
    return (
      this._progress.advance(Part.IMAGE) || (done + 1 < blockCount(manifest) ? ErrorCode.OK : this._hand(manifest))
    );
  }

  /** Every block is in flash: compares the whole and hands it over. */
  private _hand(manifest: Manifest): ErrorCode {
    const imageBytes = manifest[Field.IMAGE_BYTES];
    this._fetcher.stop();
    if (imageBytes <= MAX_DIGESTED_BYTES) {
      const image = new Uint8Array(this._host.files.read(this._spare)!, 0, imageBytes);
      if (!hashesTo(this._host.proof.digest, image, manifest[Field.DIGEST], 0, 32))
        return ErrorCode.UPDATE_IMAGE_DAMAGED;
    }
    const isFirst = isFirstOfPair(manifest);
    const code = (isFirst && keepCompanion(this._lent, manifest)) || this._lent[Lent.STAGE](manifest);
    if (!code) this._end(UpdateState.STAGED, ErrorCode.OK, !isFirst);
    return code;
  }

  /** @param isProven the sequence is the signer's, and never comes again */
  private _refuse(code: ErrorCode, isProven: boolean): void {
    // Where one is on trial, it is fetched when that is decided.
    if (code === ErrorCode.UPDATE_ON_TRIAL) this._close(false);
    else {
      rememberRefused(this._lent, isProven);
      this._end(UpdateState.REFUSED, code, false);
    }
  }

  private _end(state: UpdateState, reason: ErrorCode, restart: boolean): void {
    this._report(state, reason);
    this._progress.forget();
    this._close(restart);
  }

  private _close(restart: boolean): void {
    this.stop();
    this._lent[Lent.CLOSE](restart);
  }

  private _report(state: UpdateState, reason: ErrorCode): void {
    const manifest = this._manifest;
    const total = manifest ? manifest[Field.IMAGE_BYTES] : 0;
    const done = manifest ? Math.min(total, this._progress.done(Part.IMAGE) * manifest[Field.BLOCK_BYTES]) : 0;
    this._lent[Lent.REPORT](this._offer[OfferAt.SEQUENCE], state, reason, done, total);
  }
}
