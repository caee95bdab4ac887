import { equalBytes, readU32be } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";
import type { Digest } from "../hal/digest.js";
import { CoseBody } from "./cose-body.js";
import { LmsVerifier, MESSAGE_AT } from "./lms.js";

/** Tag 18, array of four, 22 bytes of protected header: {1: -46 (HSS-LMS, RFC 8778), 4: key id of 16 bytes}. */
const BEGINS = [0xd2, 0x84, 0x56, 0xa2, 1, 0x38, 0x2d, 4, 0x50];
const KEY_ID_AT = BEGINS.length;
const HEADER_END = KEY_ID_AT + 16;

/** An HSS public key with one level: u32 1, then an LMS public key. Its I, 16 bytes, is the key id. */
export const PUBLIC_KEY_BYTES = 60;
const LMS_KEY_AT = 4;
const I_AT = 12;

/** Verifies a COSE_Sign1 message with an HSS/LMS signature of one level (RFC 9052, RFC 8778), step by step. */
export class SignedEnvelope {
  /** The payload's place in the bytes. Not to be trusted before `step` has returned OK. */
  readonly payloadAt: number;
  readonly payloadEnd: number;
  /** Which of the keys has signed, or would have. */
  readonly signer: number;
  private readonly _lms: LmsVerifier | undefined;
  private readonly _refusal: ErrorCode;

  /**
   * @param digest the engine's own SHA-256
   * @param keys trusted public keys: PUBLIC_KEY_BYTES each, or empty
   * @param bytes the message, in RAM; its signature is spoilt
   */
  constructor(digest: Digest, keys: readonly Uint8Array[], bytes: Uint8Array) {
    const body = new CoseBody(bytes, BEGINS, HEADER_END);
    this.payloadAt = body.payloadAt;
    this.payloadEnd = body.payloadEnd;
    let signer = keys.length;
    while (signer-- > 0) if (keys[signer]!.length && equalBytes(bytes, KEY_ID_AT, keys[signer]!, I_AT, 16)) break;
    this.signer = signer;
    this._refusal =
      body.failed || readU32be(bytes, body.tagAt)
        ? ErrorCode.UPDATE_MALFORMED
        : signer < 0
          ? ErrorCode.UPDATE_KEY_UNKNOWN
          : ErrorCode.OK;
    if (!this._refusal) {
      const message = body.structure("Signature1", MESSAGE_AT);
      this._lms = new LmsVerifier(digest, keys[signer]!, LMS_KEY_AT, bytes, body.tagAt + 4, bytes.length, message);
    }
  }

  /**
   * Does a part of the work, at most 15 hashes for W4.
   * @returns MORE, OK, UPDATE_MALFORMED, UPDATE_KEY_UNKNOWN or UPDATE_SIGNATURE
   */
  step(): number {
    return this._lms ? this._lms.step() : this._refusal;
  }
}
