/** Which runtime's arithmetic a compiled model reproduces, bit for bit. */
export type Rounding = "tflm" | "xnnpack";

export const ROUNDINGS: readonly Rounding[] = ["tflm", "xnnpack"];
