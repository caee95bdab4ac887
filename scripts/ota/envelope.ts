import { createHmac } from "node:crypto";
import { readU32be } from "../../lib/core/bytes.js";
import { CborReader } from "../../lib/core/cbor-reader.js";
import { CborWriter } from "../../lib/core/cbor-writer.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import { MORE } from "../../lib/crypto/lms.js";
import { MacEnvelope } from "../../lib/crypto/mac-envelope.js";
import { SignedEnvelope } from "../../lib/crypto/signed-envelope.js";
import { manifestInvalid } from "../errors/ota.js";
import { nodeDigest } from "./node-digest.js";

/** Greatest envelope in bytes: four messages, and what a device has to hold in memory. */
export const MAX_ENVELOPE_BYTES = 4096;

const TAG_SIGN1 = 0xd2;
const TAG_MAC0 = 0xd1;
/** COSE algorithm numbers and the header's labels, encoded: {1: -46, 4: key id} and {1: 5}. */
const HSS_LMS_HEADER = [0xa2, 0x01, 0x38, 0x2d, 0x04, 0x50];
const HMAC_HEADER = [0xa1, 0x01, 0x05];

/** Where the key id stands in an envelope, and the leaf's index in an HSS signature. */
const KEY_ID_AT = 9;
const SIGNATURE_INDEX_AT = 4;
const IDENTIFIER_AT = 12;
const IDENTIFIER_END = 28;

/** The key id of an HSS public key of one level: its I, 16 bytes. */
export function keyId(publicKey: Uint8Array): Uint8Array {
  return publicKey.subarray(IDENTIFIER_AT, IDENTIFIER_END);
}

/** What a signature signs: Sig_structure (RFC 9052, section 4.4) in its one encoding. */
export function toBeSigned(publicKey: Uint8Array, payload: Uint8Array): Uint8Array {
  return structure("Signature1", signedHeader(publicKey), payload);
}

/** COSE_Sign1 with HSS-LMS (RFC 8778). @param signature of `toBeSigned` */
export function signedEnvelope(publicKey: Uint8Array, payload: Uint8Array, signature: Uint8Array): Uint8Array {
  return envelope(TAG_SIGN1, signedHeader(publicKey), payload, signature);
}

/** COSE_Mac0 with HMAC 256/256 and the key of one device: for boards whose firmware lacks SHA-256. */
export function macEnvelope(deviceKey: Uint8Array, payload: Uint8Array): Uint8Array {
  const header = Uint8Array.from(HMAC_HEADER);
  const tag = createHmac("sha256", deviceKey)
    .update(structure("MAC0", header, payload))
    .digest();
  return envelope(TAG_MAC0, header, payload, tag);
}

/** What a device finds in an envelope. */
export interface OpenedEnvelope {
  /** A MAC is for one device, and only its key verifies it. */
  readonly proof: "signature" | "mac";
  readonly payload: Uint8Array;
  /** Place of the key that signed among those given; -1 where it is none of them, or the signature is wrong. */
  readonly signer: number;
  /** The key id in the header. */
  readonly keyId: Uint8Array;
  /** The leaf that the signature says it used. */
  readonly index: number;
  /** SHA-256 calls that verifying took. */
  readonly hashes: number;
}

/** Opens an envelope as a device does; undefined where it is none. */
export function openEnvelope(bytes: Uint8Array, keys: readonly Uint8Array[]): OpenedEnvelope | undefined {
  if (bytes[0] === TAG_MAC0) return openMacEnvelope(bytes);
  let hashes = 0;
  const digest = { sha256: (data: Uint8Array): Uint8Array => (hashes++, nodeDigest.sha256(data)) };
  const opened = new SignedEnvelope(digest, keys, Uint8Array.from(bytes));
  const { payloadAt, payloadEnd } = opened;
  const reader = new CborReader(bytes, payloadEnd, bytes.length);
  const signatureBytes = reader.byteString();
  let state = opened.step();
  if (state === (ErrorCode.UPDATE_MALFORMED as number) || signatureBytes < SIGNATURE_INDEX_AT + 4) return undefined;
  while (state === MORE) state = opened.step();
  return {
    proof: "signature",
    payload: bytes.slice(payloadAt, payloadEnd),
    signer: state === (ErrorCode.OK as number) ? opened.signer : -1,
    keyId: bytes.slice(KEY_ID_AT, KEY_ID_AT + 16),
    index: readU32be(bytes, reader.at - signatureBytes + SIGNATURE_INDEX_AT),
    hashes,
  };
}

function openMacEnvelope(bytes: Uint8Array): OpenedEnvelope | undefined {
  const opened = new MacEnvelope(bytes);
  const code = opened.verify(nodeDigest, new Uint8Array(32));
  if (code === ErrorCode.UPDATE_MALFORMED) return undefined;
  const payload = bytes.slice(opened.payloadAt, opened.payloadEnd);
  return { proof: "mac", payload, signer: -1, keyId: new Uint8Array(0), index: -1, hashes: 0 };
}

function signedHeader(publicKey: Uint8Array): Uint8Array {
  return Uint8Array.from([...HSS_LMS_HEADER, ...keyId(publicKey)]);
}

function structure(context: string, header: Uint8Array, payload: Uint8Array): Uint8Array {
  return written((writer) => {
    writer.array(4);
    writer.text(context);
    writer.byteString(header, 0, header.length);
    writer.byteString(header, 0, 0);
    writer.byteString(payload, 0, payload.length);
  });
}

function envelope(tag: number, header: Uint8Array, payload: Uint8Array, signature: Uint8Array): Uint8Array {
  return written((writer) => {
    writer.raw(Uint8Array.of(tag), 0, 1);
    writer.array(4);
    writer.byteString(header, 0, header.length);
    writer.map(0);
    writer.byteString(payload, 0, payload.length);
    writer.byteString(signature, 0, signature.length);
  });
}

function written(write: (writer: CborWriter) => void): Uint8Array {
  const writer = new CborWriter(new Uint8Array(MAX_ENVELOPE_BYTES));
  write(writer);
  if (writer.overflow) throw manifestInvalid(`with its signature it is longer than ${MAX_ENVELOPE_BYTES} bytes`);
  return writer.bytes.slice(0, writer.length);
}
