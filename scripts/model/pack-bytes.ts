import { PackHeader } from "../../lib/nn/pack-format.js";
import type { LoweredModel } from "./lowered.js";

/** What the bytes of a pack are. */
export interface PackBytes {
  /** 8-bit constants: weights, tables of one value. */
  readonly weights: number;
  /** 16-bit constants: positions to gather from, for native forms. */
  readonly gatherTables: number;
  /** 32-bit constants: biases, tables of ADD and SOFTMAX. */
  readonly integers: number;
  /** Doubles: the constants of requantization. */
  readonly requantization: number;
  readonly operators: number;
  readonly goldenVectors: number;
  /** Header, labels and what alignment leaves free. */
  readonly other: number;
}

/** Counts the bytes of a pack by what they are; equal constants are stored once. */
export function packBytes(model: LoweredModel, pack: Uint8Array): PackBytes {
  const bySize = new Map<number, number>();
  for (const { bytes, alignment } of uniqueConstants(model)) {
    bySize.set(alignment, (bySize.get(alignment) ?? 0) + bytes.length);
  }
  const field = (at: PackHeader): number => new DataView(pack.buffer, pack.byteOffset).getUint32(at, true);
  const constants = [1, 2, 4, 8].map((elementBytes) => bySize.get(elementBytes) ?? 0);
  const operators = field(PackHeader.OPERATOR_WORDS) * 4;
  const vector = field(PackHeader.INPUT_BYTES) + field(PackHeader.OUTPUT_BYTES);
  const goldenVectors = field(PackHeader.GOLDEN_COUNT) * vector;
  const known = constants.reduce((sum, bytes) => sum + bytes, operators + goldenVectors);
  const [weights = 0, gatherTables = 0, integers = 0, requantization = 0] = constants;
  return { weights, gatherTables, integers, requantization, operators, goldenVectors, other: pack.length - known };
}

/** As `placeConstants` stores them: by content, aligned for the largest element that any use of it has. */
function uniqueConstants({ operators }: LoweredModel): { bytes: Uint8Array; alignment: number }[] {
  const unique = new Map<string, { bytes: Uint8Array; alignment: number }>();
  for (const parameter of operators.flatMap(({ parameters }) => parameters)) {
    if (parameter.kind !== "constant") continue;
    const { bytes, alignment } = parameter;
    const key = Buffer.from(bytes).toString("latin1");
    const known = unique.get(key);
    if (known === undefined || known.alignment < alignment) unique.set(key, { bytes, alignment });
  }
  return [...unique.values()];
}
