import { CborReader } from "../core/cbor-reader.js";
import { ErrorCode } from "../core/error-code.js";
import { readScalars } from "../core/scalar-map.js";

/** Key 0 of a manifest. */
export const MANIFEST_VERSION = 1;

/** Bytes of a block's hash: the front half of its SHA-256. */
export const BLOCK_HASH_BYTES = 16;
/** An image is transferred in pieces of this size; its blocks are one or more of them. */
export const PIECE_BYTES = 1024;
/** An image has at most so many blocks. */
export const MAX_BLOCKS = 64;

/** What an update is. */
export const enum UpdateKind {
  MODEL = 0,
  APPLICATION = 1,
  CONFIG = 2,
  /** No image: a trusted key is revoked or replaced. */
  KEY = 3,
}

/** Keys of a manifest, which are the places of their values in a `Manifest` (docs/updates.md). */
export const enum Field {
  VERSION = 0,
  KIND = 1,
  SEQUENCE = 2,
  APPLICATION = 3,
  BOARDS = 4,
  DEVICE = 5,
  RUNTIME = 6,
  IMAGE_BYTES = 7,
  DIGEST = 8,
  BLOCK_BYTES = 9,
  BLOCK_HASHES = 10,
  COMPRESSION = 11,
  ARENA_BYTES = 12,
  OPERATORS = 13,
  INPUT_BYTES = 14,
  OUTPUT_BYTES = 15,
  COMPANION = 16,
  GOLDENS = 17,
  TRIAL_INFERENCES = 18,
  TRIAL_CRASHES = 19,
  TRIAL_FREE_BYTES = 20,
  TRIAL_INFERENCE_MS = 21,
  KEY_SLOT = 22,
  NEW_KEY = 23,
}

/** A manifest's values by key. What it lacks is 0 or empty. */
export type Manifest = [
  version: number,
  kind: UpdateKind,
  sequence: number,
  application: string,
  boards: string,
  device: string,
  runtime: number,
  imageBytes: number,
  digest: Uint8Array,
  blockBytes: number,
  blockHashes: Uint8Array,
  compression: number,
  arenaBytes: number,
  operators: Uint8Array,
  inputBytes: number,
  outputBytes: number,
  companion: number,
  goldens: number,
  trialInferences: number,
  trialCrashes: number,
  trialFreeBytes: number,
  trialInferenceMs: number,
  keySlot: number,
  newKey: Uint8Array,
];

/**
 * Reads a manifest and checks it against itself: whether it is for this device is another question (`refusalOf`).
 * @param bytes may be hostile from `start` to `end`
 * @returns the manifest, or UPDATE_VERSION or UPDATE_MALFORMED
 */
export function readManifest(bytes: Uint8Array, start: number, end: number): Manifest | ErrorCode {
  const none = new Uint8Array(0);
  const manifest: Manifest = [0, 0, 0, "", "", "", 0, 0, none, 0, none, 0, 0, none, 0, 0, 0, 0, 0, 0, 0, 0, 0, none];
  const reader = new CborReader(bytes, start, end);
  const wrong = readScalars(reader, manifest);
  const kind = manifest[Field.KIND];
  const sequence = manifest[Field.SEQUENCE];
  const blocks = blockCount(manifest);
  const keyBytes = manifest[Field.NEW_KEY].length;
  if (wrong < 0 && manifest[Field.VERSION] !== MANIFEST_VERSION) return ErrorCode.UPDATE_VERSION;
  return wrong < 0 &&
    reader.at === end &&
    sequence > 0 &&
    sequence < 4294967296 &&
    (kind === UpdateKind.KEY
      ? manifest[Field.KEY_SLOT] < 2 && (!keyBytes || keyBytes === 60)
      : kind < UpdateKind.KEY &&
        blocks > 0 &&
        blocks <= MAX_BLOCKS &&
        !(manifest[Field.BLOCK_BYTES] % PIECE_BYTES) &&
        manifest[Field.BLOCK_HASHES].length === blocks * BLOCK_HASH_BYTES &&
        manifest[Field.DIGEST].length === 32 &&
        manifest[Field.COMPRESSION] < 2)
    ? manifest
    : ErrorCode.UPDATE_MALFORMED;
}

/** Blocks of the image. */
export function blockCount(manifest: Manifest): number {
  return Math.ceil(manifest[Field.IMAGE_BYTES] / manifest[Field.BLOCK_BYTES]);
}
