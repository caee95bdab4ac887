import { copyBytes } from "../core/bytes.js";
import { CborReader } from "../core/cbor-reader.js";
import { ErrorCode } from "../core/error-code.js";
import type { TimerId } from "../hal/clock.js";
import { SettingKey } from "../settings/keys.js";
import { Lent } from "./agent-link.js";
import type { UpdateHost } from "./host.js";
import { PIECE_BYTES } from "./manifest.js";
import { OfferAt, UPDATE_PROTOCOL } from "./offer.js";

/** Part of an update, on the wire. */
export const enum Part {
  ENVELOPE = 0,
  IMAGE = 1,
}

/** Items of a block before its bytes. */
const HEAD_ITEMS = 3;
/** Pieces of a request: the next comes while the answer to the last one is dealt with, and memory holds what arrives at once. */
const PIECES_ASKED = 2;
/** How long nothing may come before it is asked for again. Two pieces take as long at 7 bytes a second. */
const PATIENCE_MS = 300000;

/**
 * Fetches a part of an update, piece by piece and in order. A block that the end of the connection cut short is kept as
 * far as it came, and the next request goes on from there.
 */
export class Fetcher {
  /** The piece that comes, as it travels. */
  readonly piece = new Uint8Array(PIECE_BYTES);
  private readonly _sequence: number;
  private _part!: Part;
  private _bytes!: number;
  /** Address of the next byte, and where the request ends. */
  private _at!: number;
  private _until!: number;
  private _id: number;
  private _timer: TimerId = 0;

  /** @param _onPiece takes the first so many bytes of `piece`, a whole one; may begin anew or stop */
  constructor(
    private readonly _host: UpdateHost,
    private readonly _onPiece: (length: number) => void,
  ) {
    this._sequence = _host.lent[Lent.OFFER][OfferAt.SEQUENCE];
    // Another in each boot: what an earlier one asked for may still be on its way.
    this._id = _host.lent[Lent.GET_SETTING](SettingKey.BOOTS)[0]! << 8;
  }

  /** Fetches a part of so many bytes, unpacked, from address `at` on; the piece before it is in `piece` up to there. */
  begin(part: Part, bytes: number, at: number): void {
    this._part = part;
    this._bytes = bytes;
    this._at = this._until = at;
    this.ask();
  }

  /** Bytes that have come of the piece. */
  pieceBytes(): number {
    return this._bytes && this._at % PIECE_BYTES;
  }

  /** Asks for nothing more, and takes nothing. */
  stop(): void {
    this._bytes = 0;
    this.ask();
  }

  /** Asks for what comes next, whatever was asked before. */
  ask(): void {
    const { clock, lent } = this._host;
    const at = this._at;
    clock.cancel(this._timer);
    // The number of a timer that has gone may be another's by now.
    this._timer = 0;
    if (!this._bytes) return;
    this._until = Math.min(this._bytes, at - (at % PIECE_BYTES) + PIECES_ASKED * PIECE_BYTES);
    this._id++;
    const items = [UPDATE_PROTOCOL, this._id, this._sequence, this._part, at, this._until - at];
    // Whoever is not connected asks when it is again.
    if (lent[Lent.REQUEST](items) === -ErrorCode.MQTT_NOT_CONNECTED) return;
    this._timer = clock.after(PATIENCE_MS, () => {
      this._timer = 0;
      this.ask();
    });
  }

  /**
   * Takes `update/block`, whole or as far as it has come: what it had before, it passes over. So it does with what is not
   * the next bytes that were asked for.
   */
  heard(bytes: Uint8Array, start: number, end: number): void {
    const reader = new CborReader(bytes, start, end);
    const items = reader.array();
    const version = reader.unsigned();
    const id = reader.unsigned();
    let index = reader.unsigned();
    if (version !== UPDATE_PROTOCOL) return;
    // Whoever takes a piece may ask for something else.
    for (let i = HEAD_ITEMS; i < items && id === this._id; i++) {
      const length = reader.byteStringHead();
      const at = this._at;
      const next = index - (index % PIECE_BYTES) + PIECE_BYTES;
      const pieceEnd = Math.min(this._bytes, next);
      const known = at - index;
      const come = Math.min(length, end - reader.at);
      if (next > at) {
        if (reader.failed || known < 0 || known > come || length > pieceEnd - index) return;
        copyBytes(bytes, reader.at + known, this.piece, at % PIECE_BYTES, come - known);
        this._at = index + come;
        if (come < length) return;
        // Requests reach to the end of a piece: so does their answer.
        this._at = pieceEnd;
        this._onPiece((index % PIECE_BYTES) + length);
        if (this._at >= this._until) this.ask();
      }
      reader.at += length;
      index = next;
    }
  }
}
