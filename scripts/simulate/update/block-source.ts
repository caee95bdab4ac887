import { Encoder } from "cbor-x";
import { PIECE_BYTES } from "../../../lib/update/manifest.js";
import { decodeManifest } from "../../ota/manifest.js";
import { openEnvelope } from "../../ota/envelope.js";
import { packPieces } from "../../ota/image.js";
import { decodeCbor } from "../../fleet/messages/decode-cbor.js";
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

  /** Answers a request with blocks. */
  answer(message: Uint8Array): Uint8Array[] {
    const [version, id, sequence, part, first, count] = decodeCbor(message) as number[];
    if (version !== 1) return [];
    const request = { id: id!, sequence: sequence!, part: part!, first: first!, count: count! };
    this.requests.push(request);
    return this.#blocks(request);
  }

  #blocks({ id, sequence, part, first, count }: BlockRequest): Uint8Array[] {
    const pieces = this.#parts.get(sequence)?.[part];
    if (pieces === undefined || count < 1 || count > 8 * PIECE_BYTES) return [];
    const blocks: Uint8Array[] = [];
    const end = first + count;
    for (let at = first; at < end;) {
      const piece = pieces[Math.floor(at / PIECE_BYTES)];
      if (piece === undefined) break;
      const next = at - (at % PIECE_BYTES) + PIECE_BYTES;
      const bytes = piece.slice(at % PIECE_BYTES, ((Math.min(end, next) - 1) % PIECE_BYTES) + 1);
      blocks.push(blockMessage(id, sequence, part, at, bytes));
      at = next;
    }
    return blocks;
  }
}

/** The bytes of `update/block`. */
export function blockMessage(id: number, sequence: number, part: number, index: number, bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(encoder.encode([1, id, sequence, part, index, bytes]));
}

/** The bytes of `update/offer`. */
export function offerOf(kind: number, sequence: number, envelope: Uint8Array): Uint8Array {
  return Uint8Array.from(encoder.encode([1, kind, sequence, envelope.length, Uint8Array.from(sha256(envelope))]));
}
