import type { NativePrimitives } from "../../hal/native-primitives.js";
import type { OperatorContext } from "../operator-context.js";

const MATRIX_ELEMENTS = 6;

/**
 * Turns sums into outputs with no interpreted code per element: affine maps, each followed by a store that cuts to whole
 * numbers, the last one into an array that clamps. What remains is the output minus the least there is, 0 to 255; a
 * table makes it the output.
 */
export interface NativeRequantizer {
  /**
   * Where sums of two in one number are taken apart: stored as doubles of one size, the words of each are the two sums.
   * Undefined where a number is one sum.
   */
  readonly doubles: Float64Array | undefined;
  /** The affine map that brings them to that size; empty without doubles. */
  readonly unpack: Float64Array;
  /** The words of the doubles, and whole numbers between two steps. */
  readonly integers: Int32Array;
  /** Numbers of each row's matrices. */
  readonly rowElements: number;
  /** One or two affine maps for each row. */
  readonly matrices: Float64Array;
  /** Output for each clamped value, indexed 0 to 255. */
  readonly outputs: Int8Array;
  /** Where clamped rows are collected, and the same bytes as an array that does not clamp. */
  readonly clamped: Uint8ClampedArray;
  readonly codes: Int8Array;
}

/**
 * Reads the constants: affine maps of a row, matrices, outputs by clamped value, integers (scratch), clamped rows
 * (scratch) and, where a number is two sums, doubles (scratch, the integers' memory) and the map that unpacks them.
 * @param packed sums in a number, 1 or 2
 * @param rows with matrices of their own
 * @param columns numbers in a row
 * @param bytes of all clamped rows
 */
export function readNativeRequantizer(
  context: OperatorContext,
  packed: number,
  rows: number,
  columns: number,
  bytes: number,
): NativeRequantizer {
  const rowElements = context.size() * MATRIX_ELEMENTS;
  const matrices = context.float64(rows * rowElements);
  const outputs = context.int8(256);
  const integers = context.accumulators(columns * packed);
  const codes = context.scratch(bytes);
  const clamped = new Uint8ClampedArray(codes.buffer as ArrayBuffer, codes.byteOffset, bytes);
  const doubles = packed > 1 ? context.scratchDoubles(columns) : undefined;
  const unpack = doubles ? context.float64(MATRIX_ELEMENTS) : matrices;
  return { doubles, unpack, integers, rowElements, matrices, outputs, clamped, codes };
}

/**
 * Requantizes a row's sums to `r.clamped[at]`.
 * @param row whose matrices to use
 */
export function requantizeRow(
  r: NativeRequantizer,
  native: NativePrimitives,
  sums: ArrayLike<number>,
  row: number,
  at: number,
): void {
  const affine = native.affine!;
  const integers = r.integers;
  let p = row * r.rowElements;
  let values = sums;
  if (r.doubles) {
    r.doubles.set(affine(values, r.unpack));
    values = integers;
  }
  if (r.rowElements > MATRIX_ELEMENTS) {
    integers.set(affine(values, r.matrices.subarray(p, (p += MATRIX_ELEMENTS))));
    values = integers;
  }
  r.clamped.set(affine(values, r.matrices.subarray(p, p + MATRIX_ELEMENTS)), at);
}
