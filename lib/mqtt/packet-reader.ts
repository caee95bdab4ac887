import { copyBytes } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";

/** Takes one whole packet: its first byte, and its body in `bytes[start, end)`, valid during the call only. */
export type PacketHandler = (first: number, bytes: Uint8Array, start: number, end: number) => ErrorCode;

const enum Phase {
  FIRST_BYTE,
  LENGTH,
  BODY,
}

/**
 * Cuts a byte stream into packets, however it is fragmented. A body that arrives in pieces is put together in a
 * buffer of one packet; one that arrives whole is handed on where it lies.
 */
export class PacketReader {
  private readonly _body: Uint8Array;
  private _phase: Phase = Phase.FIRST_BYTE;
  private _first = 0;
  private _remaining = 0;
  private _shift = 0;
  private _have = 0;

  /** @param maxBytes the longest body that is taken */
  constructor(
    maxBytes: number,
    private readonly _onPacket: PacketHandler,
  ) {
    this._body = new Uint8Array(maxBytes);
  }

  /** Forgets a packet that has begun: a new connection. */
  reset(): void {
    this._phase = Phase.FIRST_BYTE;
  }

  /** Reads on. Stops at the first packet that is too long, badly framed, or not accepted by the handler. */
  read(bytes: Uint8Array): ErrorCode {
    let code: ErrorCode = ErrorCode.OK;
    for (let at = 0; at < bytes.length && code === ErrorCode.OK;) {
      if (this._phase === Phase.BODY) {
        const count = Math.min(this._remaining - this._have, bytes.length - at);
        code = this._take(bytes, at, count);
        at += count;
      } else code = this._head(bytes[at++]!);
    }
    return code;
  }

  private _head(byte: number): ErrorCode {
    if (this._phase === Phase.FIRST_BYTE) {
      this._first = byte;
      this._remaining = this._shift = this._have = 0;
      this._phase = Phase.LENGTH;
      return ErrorCode.OK;
    }
    this._remaining |= (byte & 127) << this._shift;
    this._shift += 7;
    if (byte & 128) return this._shift > 21 ? ErrorCode.MQTT_MALFORMED_PACKET : ErrorCode.OK;
    if (this._remaining > this._body.length) return ErrorCode.MQTT_PACKET_TOO_BIG;
    this._phase = Phase.BODY;
    return this._remaining ? ErrorCode.OK : this._whole(this._body, 0);
  }

  private _take(bytes: Uint8Array, at: number, count: number): ErrorCode {
    if (count === this._remaining) return this._whole(bytes, at);
    copyBytes(bytes, at, this._body, this._have, count);
    this._have += count;
    return this._have === this._remaining ? this._whole(this._body, 0) : ErrorCode.OK;
  }

  private _whole(bytes: Uint8Array, start: number): ErrorCode {
    this._phase = Phase.FIRST_BYTE;
    return this._onPacket(this._first, bytes, start, start + this._remaining);
  }
}
