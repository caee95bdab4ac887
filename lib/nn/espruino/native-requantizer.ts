import type { NativePrimitives } from "../../hal/native-primitives.js";
import type { OperatorContext } from "../operator-context.js";

/**
 * Requantization by rows of one channel, with no interpreted code per element where the channel has one addend: an
 * affine map, then an array that clamps. The result is the output minus `low`, 0 to 255; a table makes it the output.
 */
export interface NativeRequantizer {
  readonly multipliers: Float64Array;
  readonly positive: Float64Array;
  readonly negative: Float64Array;
  /** Where the sign changes: sums lack the bias, which is folded into the addends. */
  readonly zeros: Int32Array;
  /** Output for each clamped value, indexed 0 to 255. */
  readonly outputs: Int8Array;
  /** Where the clamped rows are collected: channels * columns. */
  readonly rows: Uint8ClampedArray;
  /** Length of a row: even, since the affine map works on pairs. */
  readonly columns: number;
  readonly sums: Int32Array;
}

/** Reads the constants of `channels` channels; rows of `columns` elements are collected in scratch memory. */
export function readNativeRequantizer(context: OperatorContext, channels: number, columns: number): NativeRequantizer {
  const multipliers = context.float64(channels);
  const positive = context.float64(channels);
  const negative = context.float64(channels);
  const zeros = context.int32(channels);
  const outputs = context.int8(256);
  const bytes = context.scratch(channels * columns);
  const rows = new Uint8ClampedArray(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
  const sums = context.accumulators(columns);
  return { multipliers, positive, negative, zeros, outputs, rows, columns, sums };
}

/** 0 where a clamping array cuts what it stores (Espruino), 0.5 where it rounds (the standard). */
export function clampRounding(): number {
  const probe = new Uint8ClampedArray(1);
  probe[0] = 0.9;
  return probe[0] ? 0.5 : 0;
}

/** Requantizes the sums of one channel into its row. */
export function requantizeNatively(
  r: NativeRequantizer,
  native: NativePrimitives,
  rounding: number,
  channel: number,
  sums: ArrayLike<number>,
): void {
  const multiplier = r.multipliers[channel]!;
  const positive = r.positive[channel]! - rounding;
  const negative = r.negative[channel]! - rounding;
  const rows = r.rows;
  const columns = r.columns;
  const at = channel * columns;
  if (positive === negative) {
    rows.set(native.affinePairs!(sums, multiplier, multiplier, positive, positive), at);
    return;
  }
  const values = r.sums;
  const zero = r.zeros[channel]!;
  if (sums !== values) values.set(sums);
  for (let i = 0; i < columns; i++) {
    const sum = values[i]!;
    rows[at + i] = sum * multiplier + (sum < zero ? negative : positive);
  }
}
