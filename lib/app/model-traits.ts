import type { FileStore } from "../hal/file-store.js";
import { PackFormat, PackHeader } from "../nn/pack-format.js";
import type { ModelTraits } from "../update/agent-link.js";

/** What the front of the pack in a file says; zeros and nothing where there is none. */
export function modelTraits(files: FileStore, name: string): ModelTraits {
  const pieces = files.pieces(name, PackFormat.SEGMENT_BYTES, 0);
  const front = pieces[0] || new ArrayBuffer(PackFormat.FIXED_HEADER_BYTES);
  const header = new Int32Array(front, 0, PackFormat.FIXED_HEADER_BYTES / 4);
  const field = (at: PackHeader): number => (header[0] === PackFormat.MAGIC ? header[at / 4]! : 0);
  const list = field(PackHeader.OPERATORS);
  const operators = new Uint8Array(field(PackHeader.OPERATOR_COUNT));
  // Its CRC was right when the device booted with it.
  const words = new Int32Array(pieces[list >>> 16] || front, list & 65535, field(PackHeader.OPERATOR_WORDS));
  let at = 0;
  for (let i = 0; i < operators.length; i++) {
    operators[i] = words[at]!;
    at += 1 + (words[at]! >>> 8);
  }
  return [
    field(PackHeader.ARENA_BYTES) + field(PackHeader.SCRATCH_BYTES),
    operators,
    field(PackHeader.INPUT_BYTES),
    field(PackHeader.OUTPUT_BYTES),
  ];
}
