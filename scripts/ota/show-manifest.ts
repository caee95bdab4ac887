import { BLOCK_HASH_BYTES } from "../../lib/update/manifest.js";
import { kernels } from "../model/kernels.js";
import { keyId } from "./envelope.js";
import type { UpdateManifest } from "./update-manifest.js";

/** What is printed of an update, by name: as JSON, or as a table. */
export type View = Record<string, string | number | readonly string[]>;

/** A manifest for printing: bytes in hexadecimal, operators by name, in the order of the document. */
export function manifestView(manifest: UpdateManifest): View {
  const { kind, sequence, application, boards, device, runtime, image, model, companion, trial, key, label } = manifest;
  const view: Record<string, View[string] | undefined> = {
    kind,
    label,
    sequence,
    application,
    boards,
    device,
    runtime,
    imageBytes: image?.bytes,
    digest: image && hex(image.digest),
    blockBytes: image?.blockBytes,
    blocks: image && image.blockHashes.length / BLOCK_HASH_BYTES,
    compression: image?.compression,
    arenaBytes: model?.arenaBytes || undefined,
    operators: model?.operators.map(operatorName),
    inputBytes: model?.inputBytes,
    outputBytes: model?.outputBytes,
    goldens: model?.goldens || undefined,
    companion,
    trialInferences: trial?.inferences,
    trialCrashes: trial?.crashes,
    trialFreeBytes: trial?.freeBytes,
    trialInferenceMs: trial?.inferenceMs,
    keySlot: key?.slot,
    newKey: key && (key.newKey === undefined ? "none: revoked" : hex(keyId(key.newKey))),
  };
  return Object.fromEntries(
    Object.entries(view).filter((entry): entry is [string, View[string]] => entry[1] !== undefined),
  );
}

/** A view as rows for people: "imageBytes" is "image bytes". */
export function viewRows(view: View): string[][] {
  return Object.entries(view).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    typeof value === "object" ? value.join(", ") : String(value),
  ]);
}

function operatorName(code: number): string {
  return Object.keys(kernels).find((name) => kernels[name]!.code === code) ?? `operator ${code}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
