import { equalBytes, writeU32 } from "../core/bytes.js";
import { CborReader } from "../core/cbor-reader.js";
import { hmac } from "../crypto/hmac.js";
import type { Digest } from "../hal/digest.js";
import { PROTOCOL_VERSION } from "./topics.js";

/** Bytes of `nonce` that go on the wire. */
export const NONCE_BYTES = 8;
/** Bytes of the HMAC that a `time` message carries. */
const MAC_BYTES = 16;
/** Head of a byte string of that length. */
const MAC_HEAD = 0x50;
const MAC_HEAD_BYTES = 1;

/**
 * Asks the collector for the time and believes only its answer (docs/protocol.md, `time`). Nothing on the device runs
 * by it: `status` repeats what was accepted, and the collector learns between which two moments the epoch began.
 */
export class TimeSync {
  /** Begins with what the answer must repeat; empty once it has come. Made from the device key: the engine's random numbers are none. */
  nonce = new Uint8Array(0);
  /** Unix seconds of the answer accepted last and the second of the epoch in which it came; empty before. */
  syncedAt: number[] = [];
  private readonly _counts = new Uint8Array(8);
  private _asked = 0;

  /** @param boots differs in every boot of the device, so that no nonce comes twice */
  constructor(
    private readonly _digest: Digest,
    private readonly _key: Uint8Array,
    boots: number,
  ) {
    writeU32(this._counts, 0, boots);
  }

  /** Makes a new nonce: an answer to an earlier one counts no more. */
  ask(): void {
    writeU32(this._counts, 4, ++this._asked);
    this.nonce = this._mac(this._counts, 0, 8);
  }

  /** Takes `time = [1, nonce, unixSec, milliseconds, uncertaintyMs, mac]`; false where it is no answer. */
  accept(payload: Uint8Array, start: number, end: number, epochSec: number): boolean {
    const reader = new CborReader(payload, start, end);
    reader.array();
    const version = reader.unsigned();
    const nonce = reader.scalar() as Uint8Array;
    const unixSec = reader.unsigned();
    reader.unsigned();
    reader.unsigned();
    const macAt = reader.at;
    if (
      reader.failed ||
      version !== PROTOCOL_VERSION ||
      !this.nonce.length ||
      payload[macAt] !== MAC_HEAD ||
      macAt + MAC_HEAD_BYTES + MAC_BYTES !== end ||
      !equalBytes(nonce, 0, this.nonce, 0, NONCE_BYTES) ||
      !equalBytes(this._mac(payload, start, macAt), 0, payload, macAt + MAC_HEAD_BYTES, MAC_BYTES)
    ) {
      return false;
    }
    this.nonce = new Uint8Array(0);
    this.syncedAt = [unixSec, epochSec];
    return true;
  }

  private _mac(bytes: Uint8Array, start: number, end: number): Uint8Array {
    return hmac(this._digest, this._key, bytes, start, end);
  }
}
