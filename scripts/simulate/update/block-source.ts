import { Encoder } from "cbor-x";
import { decodeManifest } from "../../ota/manifest.js";
import { openEnvelope } from "../../ota/envelope.js";
import { packPieces } from "../../ota/image.js";
import { decodeCbor } from "../../fleet/messages/decode-cbor.js";
import { MAX_REQUEST_BYTES } from "../../fleet/messages/update-request.js";
import { answerBlocks } from "../../fleet/updates/answer-blocks.js";
import { sha256 } from "../../ota/node-digest.js";

/** An update as it is published. */
export interface PublishedUpdate {
  readonly envelope: Uint8Array;
  /** Empty for a change of keys. */
  readonly image: Uint8Array;
}

/** What a device asks for. */
export interface BlockRequest {
  readonly id: number;
  readonly sequence: number;
  readonly part: number;
  readonly first: number;
  readonly count: number;
}

const encoder = new Encoder({ useRecords: false, tagUint8Array: false });
const KINDS = ["model", "application", "config", "key"];

/** The collector's end of updates (docs/protocol.md), without a store or a broker: for simulations. */
export class BlockSource {
  readonly #parts = new Map<number, readonly (readonly Uint8Array[])[]>();
  /** Every request that was understood. */
  readonly requests: BlockRequest[] = [];

  /** Publishes an update. @returns its offer */
  publish({ envelope, image }: PublishedUpdate): Uint8Array {
    const manifest = decodeManifest(openEnvelope(envelope, [])!.payload);
    if (typeof manifest === "number") throw new RangeError(`a device would refuse the manifest with ${manifest}`);
    const pieces = [packPieces(envelope, "none"), packPieces(image, manifest.image?.compression ?? "none")];
    this.#parts.set(manifest.sequence, pieces);
    return offerOf(KINDS.indexOf(manifest.kind), manifest.sequence, envelope);
  }

  /** A part of an update as it travels. */
  pieces(sequence: number, part: number): readonly Uint8Array[] {
    return this.#parts.get(sequence)?.[part] ?? [];
  }

  /** Answers a request with blocks. */
  answer(message: Uint8Array): Uint8Array[] {
    const [version, id, sequence, part, first, count] = decodeCbor(message) as number[];
    if (version !== 1) return [];
    const request = { id: id!, sequence: sequence!, part: part!, first: first!, count: count! };
    this.requests.push(request);
    if (request.count < 1 || request.count > MAX_REQUEST_BYTES) return [];
    return [...answerBlocks(request, this.pieces(request.sequence, request.part))];
  }
}

/** The bytes of `update/offer`. */
export function offerOf(kind: number, sequence: number, envelope: Uint8Array): Uint8Array {
  return Uint8Array.from(encoder.encode([1, kind, sequence, envelope.length, Uint8Array.from(sha256(envelope))]));
}
