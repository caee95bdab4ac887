import type { Field, Manifest, UpdateKind } from "../../lib/update/manifest.js";

const NONE = new Uint8Array(0);

/** A manifest as a device has read it, as far as staging looks at it. */
export function deviceManifest(
  kind: UpdateKind,
  sequence: number,
  imageBytes: number,
  more: Partial<Record<Field, number>> = {},
): Manifest {
  const manifest: Manifest = [
    ...([1, kind, sequence, "", "", "", 0, imageBytes, NONE, 0, NONE, 0, 0, NONE, 0, 0, 0, 0] as const),
    ...([0, 0, 0, 0, 0, NONE] as const),
  ];
  for (const [field, value] of Object.entries(more)) (manifest as unknown[])[Number(field)] = value;
  return manifest;
}
