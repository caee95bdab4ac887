import { CborReader } from "../core/cbor-reader.js";
import { UpdateKind } from "./manifest.js";

/** Major version of the messages of updates (docs/protocol.md). */
export const UPDATE_PROTOCOL = 1;

/** Longest envelope in bytes: what a device holds in memory while it verifies one. */
export const MAX_ENVELOPE_BYTES = 4096;

const DIGEST_BYTES = 32;

/** Places in an `Offer`. */
export const enum OfferAt {
  KIND = 0,
  SEQUENCE = 1,
  ENVELOPE_BYTES = 2,
  DIGEST = 3,
}

/** `update/offer`, without its version. It proves nothing; what it announces does. */
export type Offer = readonly [kind: UpdateKind, sequence: number, envelopeBytes: number, digest: Uint8Array];

/** Reads an offer; undefined where the bytes, which may be hostile, are none that a device could take. */
export function readOffer(bytes: Uint8Array, start: number, end: number): Offer | undefined {
  const reader = new CborReader(bytes, start, end);
  const items = reader.array();
  const version = reader.unsigned();
  const kind = reader.unsigned();
  const sequence = reader.unsigned();
  const envelopeBytes = reader.unsigned();
  const digest = reader.scalar() as Uint8Array;
  return !reader.failed &&
    items >= 5 &&
    version === UPDATE_PROTOCOL &&
    kind <= UpdateKind.KEY &&
    sequence > 0 &&
    sequence < 4294967296 &&
    envelopeBytes > 0 &&
    envelopeBytes <= MAX_ENVELOPE_BYTES &&
    digest.length === DIGEST_BYTES
    ? [kind, sequence, envelopeBytes, digest]
    : undefined;
}
