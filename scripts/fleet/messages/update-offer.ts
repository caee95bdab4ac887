import { CborWriter } from "../../../lib/core/cbor-writer.js";
import type { UpdateKind } from "../../../lib/update/manifest.js";
import { PROTOCOL_VERSION, UPDATE_OFFER } from "../../../lib/uplink/topics.js";
import { sha256 } from "../../ota/node-digest.js";

/**
 * Encodes `update/offer` of docs/protocol.md.
 * @param envelope as part 0 carries it to this device
 */
export function encodeUpdateOffer(kind: UpdateKind, sequence: number, envelope: Uint8Array): Uint8Array {
  const writer = new CborWriter(new Uint8Array(UPDATE_OFFER.maxBytes));
  const digest = sha256(envelope);
  writer.array(5);
  writer.number(PROTOCOL_VERSION);
  writer.number(kind);
  writer.number(sequence);
  writer.number(envelope.length);
  writer.byteString(digest, 0, digest.length);
  return writer.bytes.slice(0, writer.length);
}
