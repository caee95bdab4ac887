import type { OperatorContext } from "../operator-context.js";

/**
 * Requantization in one statement per output: sum * factor + addend, stored to the output tensor as an array that
 * clamps. When a part of the tensor is complete, a table makes outputs of it.
 */
export interface LeanRequantizer {
  /** Factor, addend where the sum is not below `zeros`, addend where it is: three for each channel. */
  readonly constants: Float64Array;
  /** The sum at which the real sum changes its sign. */
  readonly zeros: Int32Array;
  /** Output for each clamped value, indexed 0 to 255. */
  readonly outputs: Int8Array;
}

/** Reads the constants of `units` channels. */
export function readLeanRequantizer(context: OperatorContext, units: number): LeanRequantizer {
  return { constants: context.float64(units * 3), zeros: context.int32(units), outputs: context.int8(256) };
}
