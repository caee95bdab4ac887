import { PackFormat } from "../../lib/nn/pack-format.js";
import { modelTooBig } from "../errors/model.js";

/** Bytes that must lie in one piece within one segment. */
export interface Constant {
  readonly bytes: Uint8Array;
  readonly alignment: number;
  /** False where the bytes are filled in later. */
  readonly shareable?: boolean;
}

export interface PackLayout {
  readonly totalBytes: number;
  readonly segments: number;
  positionOf(bytes: Uint8Array): number;
  copyInto(pack: Uint8Array): void;
}

/** Room that is left in a segment. */
interface Segment {
  readonly start: number;
  used: number;
}

/**
 * Gives every constant its place: equal ones share one, and none crosses a segment. The largest go first, each into the
 * fullest segment that has room, so that little is lost at the segments' ends.
 */
export function placeConstants(constants: readonly Constant[]): PackLayout {
  const unique = new Map<string, Constant>();
  const keys = new Map<Uint8Array, string>();
  for (const constant of constants) {
    const key = constant.shareable === false ? `own ${keys.size}` : Buffer.from(constant.bytes).toString("latin1");
    keys.set(constant.bytes, key);
    const known = unique.get(key);
    if (known === undefined || known.alignment < constant.alignment) unique.set(key, constant);
  }
  // The header's size depends on the number of segments, which depends on the header: one more is tried until it fits.
  for (let segments = 1; ; segments++) {
    const layout = tryPlacing([...unique], keys, segments);
    if (layout !== undefined) return layout;
  }
}

function tryPlacing(
  unique: readonly [string, Constant][],
  keys: ReadonlyMap<Uint8Array, string>,
  most: number,
): PackLayout | undefined {
  const header = PackFormat.FIXED_HEADER_BYTES + 4 * most;
  const segments: Segment[] = Array.from({ length: most }, (_, i) => ({
    start: i * PackFormat.SEGMENT_BYTES,
    used: i ? 0 : header,
  }));
  const positions = new Map<string, number>();
  const order = [...unique].sort(([, a], [, b]) => b.bytes.length - a.bytes.length);
  for (const [key, { bytes, alignment }] of order) {
    if (bytes.length > PackFormat.SEGMENT_BYTES - header) throw modelTooBig(`A constant takes ${bytes.length} bytes`);
    const room = segments
      .map((segment) => ({ segment, at: Math.ceil(segment.used / alignment) * alignment }))
      .filter(({ at }) => at + bytes.length <= PackFormat.SEGMENT_BYTES)
      .sort((a, b) => b.at - a.at)[0];
    if (room === undefined) return undefined;
    room.segment.used = room.at + bytes.length;
    positions.set(key, room.segment.start + room.at);
  }
  // Filling the fullest first leaves the last segment the emptiest only by accident: the file ends where it ends.
  const last = segments.at(-1)!;
  return {
    totalBytes: last.start + Math.max(1, last.used),
    segments: most,
    positionOf: (bytes) => positions.get(keys.get(bytes)!)!,
    copyInto: (pack) => {
      for (const [key, { bytes }] of unique) pack.set(bytes, positions.get(key)!);
    },
  };
}
