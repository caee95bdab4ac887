import { join } from "node:path";
import { crc32 } from "../../../lib/core/crc32.js";
import { makeFolder, writeBytes } from "../model-file.js";
import type { Layer } from "./layer.js";

/** One entry of `index.json`: the output of an operator and the file that holds its bytes. */
export interface DumpedLayer extends Layer {
  /** Name of the file beside the index: raw little-endian elements, in row-major order. */
  readonly file: string;
  readonly bytes: number;
  /** CRC-32 (zlib) of the file, eight hexadecimal digits. */
  readonly crc32: string;
}

/** What `index.json` says. */
export interface DumpIndex {
  readonly model: string;
  readonly engine: string;
  readonly backend: string;
  readonly rounding: string;
  readonly record: number;
  readonly layers: readonly DumpedLayer[];
}

/**
 * Writes the outputs of a model's operators, a file each, and `index.json` beside them.
 * @param outputs bytes of each layer
 */
export function writeDump(
  folder: string,
  about: Omit<DumpIndex, "layers">,
  layers: readonly Layer[],
  outputs: readonly Uint8Array[],
): DumpIndex {
  makeFolder(folder);
  const dumped = layers.map((layer, i): DumpedLayer => {
    const bytes = outputs[i]!;
    const file = `${layer.node}-t${layer.tensor}.bin`;
    writeBytes(join(folder, file), bytes);
    return { ...layer, file, bytes: bytes.length, crc32: hex(crc32(bytes)) };
  });
  const index: DumpIndex = { ...about, layers: dumped };
  writeBytes(join(folder, "index.json"), Buffer.from(`${JSON.stringify(index, null, 2)}\n`));
  return index;
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
