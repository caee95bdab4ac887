import { PackFormat } from "../../lib/nn/pack-format.js";

/** A pack in the pieces in which a device may be given it. */
export function packSegments(pack: Uint8Array): ArrayBuffer[] {
  const segments: ArrayBuffer[] = [];
  for (let at = 0; at < pack.length; at += PackFormat.SEGMENT_BYTES) {
    segments.push(new Uint8Array(pack.subarray(at, at + PackFormat.SEGMENT_BYTES)).buffer);
  }
  return segments;
}
