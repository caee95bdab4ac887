import { copyBytes, writeAscii } from "../core/bytes.js";
import { CborReader } from "../core/cbor-reader.js";

/** COSE (RFC 9052) begins with a tag and an array of four, a byte each; then comes the protected header. */
const HEADER_AT = 2;
const EMPTY_MAP = 0xa0;
const EMPTY_BYTES = 0x40;
const ARRAY_OF_FOUR = 0x84;
const TEXT = 0x60;

/**
 * What COSE_Sign1 and COSE_Mac0 have in common: protected header, nothing unprotected, payload, signature or tag. There
 * is one encoding of each that a device takes, so the beginning is compared and not parsed.
 */
export class CoseBody {
  readonly failed: boolean;
  readonly payloadAt: number;
  readonly payloadEnd: number;
  /** Where the signature or tag begins; it ends with the bytes. */
  readonly tagAt: number;

  /**
   * @param _bytes the whole message; may be hostile
   * @param begins tag, head of the array, protected header up to where messages differ
   * @param _headerEnd where the protected header ends
   */
  constructor(
    private readonly _bytes: Uint8Array,
    begins: readonly number[],
    private readonly _headerEnd: number,
  ) {
    const reader = new CborReader(_bytes, _headerEnd + 1, _bytes.length);
    const payloadBytes = reader.byteString();
    this.payloadEnd = reader.at;
    this.payloadAt = reader.at - payloadBytes;
    const tagBytes = reader.byteString();
    this.tagAt = reader.at - tagBytes;
    let failed = reader.failed || reader.at !== _bytes.length || _bytes[_headerEnd] !== EMPTY_MAP;
    for (let i = 0; i < begins.length; i++) if (_bytes[i] !== begins[i]) failed = true;
    this.failed = failed;
  }

  /**
   * What is signed: [context, protected header, no external data, payload] (RFC 9052, sections 4.4 and 6.3), after `room`
   * bytes. But for its beginning it stands in the message, with the empty map where the external data goes.
   */
  structure(context: string, room: number): Uint8Array {
    const copied = this.payloadEnd - HEADER_AT;
    const at = room + 2 + context.length;
    const structure = new Uint8Array(at + copied);
    structure[room] = ARRAY_OF_FOUR;
    structure[room + 1] = TEXT + context.length;
    writeAscii(context, structure, room + 2);
    copyBytes(this._bytes, HEADER_AT, structure, at, copied);
    structure[at + this._headerEnd - HEADER_AT] = EMPTY_BYTES;
    return structure;
  }
}
