import { CborReader } from "../../lib/core/cbor-reader.js";
import { CborWriter } from "../../lib/core/cbor-writer.js";
import { readScalars } from "../../lib/core/scalar-map.js";
import { Field, MANIFEST_VERSION, readManifest, type Manifest } from "../../lib/update/manifest.js";
import type { KeySlot } from "../../lib/update/trusted-keys.js";
import { manifestInvalid } from "../errors/ota.js";
import { checkManifest } from "./check-manifest.js";
import type { ModelNeeds, Trial, UpdateImage, UpdateKindName, UpdateManifest } from "./update-manifest.js";
import { versionNumber, versionText } from "./version-number.js";

/** Text for people: the device passes over it, as over every key it does not know. */
const LABEL = Field.NEW_KEY + 1;

/** Kinds by their number. */
export const UPDATE_KINDS: readonly UpdateKindName[] = ["model", "application", "config", "key"];
/** Key slots by their number. */
export const KEY_SLOTS = ["working", "spare"] as const;

const GREATEST_BYTES = 4096;

/**
 * The bytes of a manifest: CBOR with ascending keys and shortest heads, so that one manifest has one encoding.
 * @throws SertaoError OTA_MANIFEST_INVALID
 */
export function encodeManifest(manifest: UpdateManifest): Uint8Array {
  checkManifest(manifest);
  const values = new Map<number, number | string | Uint8Array>();
  const put = (field: number, value: number | string | Uint8Array | undefined): void => {
    if (value !== undefined && value !== 0 && value !== "" && !(value instanceof Uint8Array && value.length === 0))
      values.set(field, value);
  };
  const { image, model, trial, key } = manifest;
  put(Field.VERSION, MANIFEST_VERSION);
  values.set(Field.KIND, UPDATE_KINDS.indexOf(manifest.kind));
  put(Field.SEQUENCE, manifest.sequence);
  put(Field.APPLICATION, manifest.application);
  put(Field.BOARDS, manifest.boards?.join(" "));
  put(Field.DEVICE, manifest.device);
  put(Field.RUNTIME, manifest.runtime === undefined ? undefined : versionNumber(manifest.runtime));
  put(Field.IMAGE_BYTES, image?.bytes);
  put(Field.DIGEST, image?.digest);
  put(Field.BLOCK_BYTES, image?.blockBytes);
  put(Field.BLOCK_HASHES, image?.blockHashes);
  put(Field.COMPRESSION, image?.compression === "heatshrink" ? 1 : 0);
  put(Field.ARENA_BYTES, model?.arenaBytes);
  put(Field.OPERATORS, model && Uint8Array.from(model.operators));
  put(Field.INPUT_BYTES, model?.inputBytes);
  put(Field.OUTPUT_BYTES, model?.outputBytes);
  put(Field.COMPANION, manifest.companion);
  put(Field.GOLDENS, model?.goldens);
  put(Field.TRIAL_INFERENCES, trial?.inferences);
  put(Field.TRIAL_CRASHES, trial?.crashes);
  put(Field.TRIAL_FREE_BYTES, trial?.freeBytes);
  put(Field.TRIAL_INFERENCE_MS, trial?.inferenceMs);
  put(Field.KEY_SLOT, key && KEY_SLOTS.indexOf(key.slot));
  put(Field.NEW_KEY, key?.newKey);
  put(LABEL, manifest.label);
  const bytes = writeMap(values);
  // The device has the last word on what it can read.
  const read = readManifest(bytes, 0, bytes.length);
  if (typeof read === "number") throw manifestInvalid(`a device would refuse it with error ${read}`);
  return bytes;
}

function writeMap(values: ReadonlyMap<number, number | string | Uint8Array>): Uint8Array {
  const writer = new CborWriter(new Uint8Array(GREATEST_BYTES));
  writer.map(values.size);
  for (const [field, value] of [...values].sort(([a], [b]) => a - b)) {
    writer.number(field);
    if (typeof value === "number") writer.number(value);
    else if (typeof value === "string") writer.text(value);
    else writer.byteString(value, 0, value.length);
  }
  if (writer.overflow) throw manifestInvalid(`it is longer than ${GREATEST_BYTES} bytes`);
  return writer.bytes.slice(0, writer.length);
}

/** What the bytes of a manifest say, or the number of the error with which a device would refuse them. */
export function decodeManifest(bytes: Uint8Array): UpdateManifest | number {
  const read = readManifest(bytes, 0, bytes.length);
  if (typeof read === "number") return read;
  const kind = UPDATE_KINDS[read[Field.KIND]]!;
  const label = labelOf(bytes, read);
  const optional = {
    application: read[Field.APPLICATION],
    boards: read[Field.BOARDS].split(" ").filter((board) => board !== ""),
    device: read[Field.DEVICE],
    runtime: read[Field.RUNTIME] === 0 ? "" : versionText(read[Field.RUNTIME]),
    image: kind === "key" ? undefined : imageOf(read),
    model: read[Field.OUTPUT_BYTES] === 0 ? undefined : modelOf(read),
    companion: read[Field.COMPANION],
    trial: trialOf(read),
    key: kind === "key" ? keyOf(read) : undefined,
    label,
  };
  return { kind, sequence: read[Field.SEQUENCE], ...withoutEmpty(optional) };
}

/** Only the members that say something. */
function withoutEmpty<Fields extends object>(fields: Fields): Partial<Fields> {
  const says = (value: unknown): boolean =>
    value !== undefined && value !== "" && value !== 0 && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => says(value))) as Partial<Fields>;
}

function imageOf(read: Manifest): UpdateImage {
  return {
    bytes: read[Field.IMAGE_BYTES],
    digest: read[Field.DIGEST],
    blockBytes: read[Field.BLOCK_BYTES],
    blockHashes: read[Field.BLOCK_HASHES],
    compression: read[Field.COMPRESSION] === 1 ? "heatshrink" : "none",
  };
}

function modelOf(read: Manifest): ModelNeeds {
  return {
    arenaBytes: read[Field.ARENA_BYTES],
    operators: [...read[Field.OPERATORS]],
    inputBytes: read[Field.INPUT_BYTES],
    outputBytes: read[Field.OUTPUT_BYTES],
    goldens: read[Field.GOLDENS],
  };
}

function trialOf(read: Manifest): Trial | undefined {
  const trial = withoutEmpty({
    inferences: read[Field.TRIAL_INFERENCES],
    crashes: read[Field.TRIAL_CRASHES],
    freeBytes: read[Field.TRIAL_FREE_BYTES],
    inferenceMs: read[Field.TRIAL_INFERENCE_MS],
  });
  return Object.keys(trial).length === 0 ? undefined : trial;
}

function keyOf(read: Manifest): NonNullable<UpdateManifest["key"]> {
  const newKey = read[Field.NEW_KEY];
  const slot = KEY_SLOTS[read[Field.KEY_SLOT] as KeySlot];
  return newKey.length === 0 ? { slot } : { slot, newKey };
}

function labelOf(bytes: Uint8Array, read: Manifest): string {
  const values: unknown[] = [...read, ""];
  readScalars(new CborReader(bytes, 0, bytes.length), values);
  return values[LABEL] as string;
}
