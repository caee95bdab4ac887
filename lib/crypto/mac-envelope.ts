import { equalBytes } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";
import type { Digest } from "../hal/digest.js";
import { CoseBody } from "./cose-body.js";
import { hmac } from "./hmac.js";

/** Tag 17, array of four, 3 bytes of protected header: {1: 5 (HMAC 256/256, RFC 9053)}. */
const BEGINS = [0xd1, 0x84, 0x43, 0xa1, 1, 5];
const TAG_BYTES = 32;

/**
 * Verifies a COSE_Mac0 message with the device's own key: for engines without SHA-256 of their own, on which a
 * signature would take minutes. Others must not take one: who reads a device's flash could then update it.
 */
export class MacEnvelope {
  /** The payload's place in the bytes. Not to be trusted before `verify` has returned OK. */
  readonly payloadAt: number;
  readonly payloadEnd: number;
  private readonly _body: CoseBody;

  /** @param _bytes the message */
  constructor(private readonly _bytes: Uint8Array) {
    const body = (this._body = new CoseBody(_bytes, BEGINS, BEGINS.length));
    this.payloadAt = body.payloadAt;
    this.payloadEnd = body.payloadEnd;
  }

  /**
   * @param key 32 bytes
   * @returns OK, UPDATE_MALFORMED or UPDATE_SIGNATURE
   */
  verify(digest: Digest, key: Uint8Array): ErrorCode {
    const body = this._body;
    const bytes = this._bytes;
    if (body.failed || bytes.length - body.tagAt !== TAG_BYTES) return ErrorCode.UPDATE_MALFORMED;
    const structure = body.structure("MAC0", 0);
    const tag = hmac(digest, key, structure, 0, structure.length);
    return equalBytes(tag, 0, bytes, body.tagAt, TAG_BYTES) ? ErrorCode.OK : ErrorCode.UPDATE_SIGNATURE;
  }
}
