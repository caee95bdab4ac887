import { copyOf, equalBytes } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";
import { MORE } from "../crypto/lms.js";
import { attempt } from "../flash/attempt.js";
import { keepCompanion, waitingCompanion } from "./companion.js";
import { Fetcher, Part } from "./fetcher.js";
import { activeCounterpart, type UpdateHost } from "./host.js";
import { blockCount, Field, PIECE_BYTES, readManifest, UpdateKind, type Manifest } from "./manifest.js";
import { OfferAt, type Offer } from "./offer.js";
import { isBlock, unpackPiece } from "./pieces.js";
import { Progress } from "./progress.js";
import type { OpenEnvelope, Proof } from "./proof.js";
import { refusalOf } from "./refusal.js";
import { rememberRefused } from "./refused-updates.js";
import { changeKey } from "./trusted-keys.js";
import { readKeys, writeKeys, type UpdateKeys } from "./update-keys.js";
import { UpdateState } from "./update-state.js";
import { versionNumber } from "./version-number.js";

/** The slot that holds the envelope of the update that is being fetched. */
export const ENVELOPE_FILE = "update.env";

/** What a device holds in memory while the pieces of a block come. */
const MAX_BLOCK_BYTES = 8192;
/** Blocks that may come wrong: who feeds the broker is trusted no more than a wire. */
const MAX_WRONG_BLOCKS = 3;
/** An engine does not reach further into one buffer. */
const MAX_DIGESTED_BYTES = 65535;
/** Between the steps of a verification the engine does other things. */
const STEP_PAUSE_MS = 1;

/**
 * Fetches the update of one offer, verifies it and hands it over to the slots. Lives while the offer is open, goes on
 * where an earlier one was interrupted, and ends with `close` of its host. Touches nothing that is in use.
 */
export class UpdateAgent {
  private readonly _fetcher: Fetcher;
  private readonly _progress: Progress;
  private readonly _keys: UpdateKeys;
  private _manifest!: Manifest;
  private _block = new Uint8Array(0);
  /** Bytes of the block that are there. */
  private _have = 0;
  private _wrong = 0;
  private _isProven = false;
  private _isOver = false;

  constructor(
    private readonly _host: UpdateHost,
    private readonly _proof: Proof,
    private readonly _offer: Offer,
  ) {
    this._progress = new Progress(_host, _offer);
    this._keys = readKeys(_host);
    this._fetcher = new Fetcher(_host, _offer[OfferAt.SEQUENCE], (length) => this._onPiece(length));
  }

  /** Begins, or goes on. An envelope that has come before a restart is verified again: flash proves nothing. */
  start(): void {
    if (this._isOver) return;
    if (this._keys.changedBy === this._offer[OfferAt.SEQUENCE]) this._keyIsChanged();
    else this._fetchEnvelope();
  }

  /** Takes `update/block`, whole or as far as it came. */
  heard(bytes: Uint8Array, start: number, end: number): void {
    this._fetcher.heard(bytes, start, end);
  }

  /** There is a new connection. */
  connected(): void {
    this._fetcher.connected();
  }

  /** Ends it without a word: there is another offer, or none. */
  stop(): void {
    this._isOver = true;
    this._fetcher.stop();
  }

  private _onPiece(length: number): void {
    const code = attempt(() => (this._isProven ? this._takeImage(length) : this._takeEnvelope(length)));
    if (code) this._refuse(code);
  }

  private _fetchEnvelope(): void {
    const envelopeBytes = this._offer[OfferAt.ENVELOPE_BYTES];
    const done = this._progress.done(Part.ENVELOPE);
    if (done * PIECE_BYTES < envelopeBytes) this._fetcher.begin(Part.ENVELOPE, envelopeBytes, done);
    else this._open();
  }

  private _takeEnvelope(length: number): ErrorCode {
    const files = this._host.files;
    const done = this._progress.done(Part.ENVELOPE);
    if (!done) files.clearSlot(ENVELOPE_FILE);
    files.writeSlot(ENVELOPE_FILE, done * PIECE_BYTES, new Uint8Array(this._fetcher.piece.buffer, 0, length));
    const code = this._progress.advance(Part.ENVELOPE);
    if (!code) this._fetchEnvelope();
    return code;
  }

  /** The envelope is there: compares it with the offer and begins to verify it. */
  private _open(): void {
    this._fetcher.stop();
    const offer = this._offer;
    const file = this._host.files.read(ENVELOPE_FILE);
    const envelope = file && copyOf(new Uint8Array(file), 0, offer[OfferAt.ENVELOPE_BYTES]);
    if (!envelope || !equalBytes(this._proof.digest.sha256(envelope), 0, offer[OfferAt.DIGEST], 0, 32))
      this._refuse(ErrorCode.UPDATE_DAMAGED);
    else this._verify(envelope, this._proof.open(this._keys.trusted, this._keys.deviceKey, envelope));
  }

  private _verify(envelope: Uint8Array, opened: OpenEnvelope): void {
    this._host.clock.after(STEP_PAUSE_MS, () => {
      if (this._isOver) return;
      const state = opened.step();
      if (state === MORE) this._verify(envelope, opened);
      else {
        const code = state || attempt(() => this._judge(envelope, opened));
        if (code) this._refuse(code);
      }
    });
  }

  /** The envelope is genuine: does the device want what it says? */
  private _judge(envelope: Uint8Array, opened: OpenEnvelope): ErrorCode {
    const { traits, slots, files } = this._host;
    const manifest = readManifest(envelope, opened.payloadAt, opened.payloadEnd);
    if (typeof manifest === "number") return manifest;
    const kind = manifest[Field.KIND];
    const offer = this._offer;
    if (kind !== offer[OfferAt.KIND] || manifest[Field.SEQUENCE] !== offer[OfferAt.SEQUENCE])
      return ErrorCode.UPDATE_DAMAGED;
    this._isProven = true;
    this._manifest = manifest;
    const isKey = kind === UpdateKind.KEY;
    const spare = isKey ? "" : slots.spareFile(kind);
    if (!spare && !isKey) return ErrorCode.UPDATE_ON_TRIAL;
    const room = isKey ? 0 : files.slotBytes(spare);
    const target = {
      application: traits.application,
      board: traits.board,
      device: traits.device,
      runtime: versionNumber(traits.runtime),
      sequence: traits.accepted,
      maxImageBytes: [room, room, room],
      arenaBytes: traits.arenaBytes,
    };
    const counterpart = waitingCompanion(this._host, manifest) || activeCounterpart(traits, kind === UpdateKind.MODEL);
    const code = refusalOf(manifest, target, counterpart);
    if (code && !(code === ErrorCode.UPDATE_COMPANION_MISSING && this._isFirst())) return code;
    return isKey ? this._changeKey(opened.signer) : this._fetchImage();
  }

  /** True for the first of a pair, which waits for the other one. */
  private _isFirst(): boolean {
    const manifest = this._manifest;
    return manifest[Field.KIND] < UpdateKind.CONFIG && manifest[Field.COMPANION] > manifest[Field.SEQUENCE];
  }

  private _changeKey(signer: number): ErrorCode {
    const keys = this._keys.trusted;
    const code =
      changeKey(this._manifest, signer, keys) || writeKeys(this._host, keys, this._manifest[Field.SEQUENCE]);
    if (!code) this._keyIsChanged();
    return code;
  }

  private _keyIsChanged(): void {
    this._host.slots.accept(this._offer[OfferAt.SEQUENCE]);
    this._end(UpdateState.CONFIRMED, ErrorCode.OK, false);
  }

  private _fetchImage(): ErrorCode {
    const { files, slots } = this._host;
    const manifest = this._manifest;
    const kind = manifest[Field.KIND];
    const spare = slots.spareFile(kind);
    const done = this._progress.done(Part.IMAGE);
    const blockBytes = manifest[Field.BLOCK_BYTES];
    if (blockBytes > MAX_BLOCK_BYTES) return ErrorCode.UPDATE_TOO_BIG;
    if (done >= blockCount(manifest)) return this._hand();
    if (!done) {
      const code = slots.withdraw(kind);
      if (code) return code;
      files.clearSlot(spare);
    }
    this._block = new Uint8Array(blockBytes);
    this._report(UpdateState.FETCHING, ErrorCode.OK);
    this._fetcher.begin(Part.IMAGE, manifest[Field.IMAGE_BYTES], (done * blockBytes) / PIECE_BYTES);
    return ErrorCode.OK;
  }

  /** A piece of the image has come; with the last one of a block, the block is checked and kept. */
  private _takeImage(length: number): ErrorCode {
    const { files, slots } = this._host;
    const manifest = this._manifest;
    const progress = this._progress;
    const fetcher = this._fetcher;
    const imageBytes = manifest[Field.IMAGE_BYTES];
    const done = progress.done(Part.IMAGE);
    const at = done * manifest[Field.BLOCK_BYTES];
    const block = new Uint8Array(this._block.buffer, 0, Math.min(manifest[Field.BLOCK_BYTES], imageBytes - at));
    const have = this._have;
    const piece = new Uint8Array(this._block.buffer, have, Math.min(PIECE_BYTES, block.length - have));
    const isPiece = unpackPiece(manifest, fetcher.piece, 0, length, piece);
    this._have += piece.length;
    if (isPiece && this._have < block.length) return ErrorCode.OK;
    this._have = 0;
    if (!isPiece || !isBlock(manifest, this._proof.digest, done, block)) {
      if (this._wrong++ === MAX_WRONG_BLOCKS) return ErrorCode.UPDATE_DAMAGED;
      fetcher.begin(Part.IMAGE, imageBytes, at / PIECE_BYTES);
      return ErrorCode.OK;
    }
    files.writeSlot(slots.spareFile(manifest[Field.KIND]), at, block);
    const code = progress.advance(Part.IMAGE);
    if (code) return code;
    const blocks = blockCount(manifest);
    if (done + 1 === blocks) return this._hand();
    if (((4 * (done + 1)) / blocks) >> 0 > ((4 * done) / blocks) >> 0) this._report(UpdateState.FETCHING, ErrorCode.OK);
    return ErrorCode.OK;
  }

  /** Every block is in flash: compares the whole and hands it over. */
  private _hand(): ErrorCode {
    const { files, slots } = this._host;
    const manifest = this._manifest;
    const imageBytes = manifest[Field.IMAGE_BYTES];
    this._fetcher.stop();
    if (imageBytes <= MAX_DIGESTED_BYTES) {
      const image = new Uint8Array(files.read(slots.spareFile(manifest[Field.KIND]))!, 0, imageBytes);
      if (!equalBytes(this._proof.digest.sha256(image), 0, manifest[Field.DIGEST], 0, 32))
        return ErrorCode.UPDATE_IMAGE_DAMAGED;
    }
    const isFirst = this._isFirst();
    const code = (isFirst && keepCompanion(this._host, manifest)) || slots.stage(manifest);
    if (!code) this._end(UpdateState.STAGED, ErrorCode.OK, !isFirst);
    return code;
  }

  private _refuse(code: ErrorCode): void {
    // Refused for now only: it is fetched when the trial is decided.
    if (code !== ErrorCode.UPDATE_ON_TRIAL) {
      rememberRefused(this._host.settings, this._offer, this._isProven);
      this._end(UpdateState.REFUSED, code, false);
    } else this._close(false);
  }

  private _end(state: UpdateState, reason: ErrorCode, restart: boolean): void {
    this._report(state, reason);
    this._progress.forget();
    this._close(restart);
  }

  private _close(restart: boolean): void {
    this.stop();
    this._host.close(restart);
  }

  private _report(state: UpdateState, reason: ErrorCode): void {
    const manifest = this._manifest;
    const total = manifest ? manifest[Field.IMAGE_BYTES] : 0;
    const done = manifest ? Math.min(total, this._progress.done(Part.IMAGE) * manifest[Field.BLOCK_BYTES]) : 0;
    this._host.report(this._offer[OfferAt.SEQUENCE], state, reason, done, total);
  }
}
