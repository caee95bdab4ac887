import { expect, it } from "vitest";
import { int32, int8, oneOperator, runModelOnce } from "./reference/one-operator.js";
import { output, quantized } from "./reference/requantize.js";

const UNITS = 256;
/** Values of the input in one image. */
const PIXELS = 32;
/** Weights of 1 and biases 256 apart: 256 inputs and 256 units make every sum from -32768 to 32767. */
const BIASES = Array.from({ length: UNITS }, (_, unit) => (unit - 128) * 256 + 128);
const ALL = Int8Array.from({ length: 256 }, (_, i) => i - 128);
const ONES = new Int8Array(UNITS).fill(1);
/** Factors that reach all outputs once, many times over, and with clamps. */
const OUTPUTS = [
  { scale: 211.7, zero: 0, activation: 0 },
  { scale: 97.3, zero: -31, activation: 0 },
  { scale: 3001.1, zero: 100, activation: 0 },
  { scale: 150.9, zero: -128, activation: 1 },
  { scale: 0.04, zero: 10, activation: 3 },
];

/** The output for each sum, in order. */
function expectedOutputs(index: number, factor: number, rounding: "tflm" | "xnnpack"): number[] {
  const { scale, zero, activation } = OUTPUTS[index]!;
  const six = Math.min(127, zero + Math.round(Math.fround(6 / Math.fround(scale))));
  const [low, high] = activation === 0 ? [-128, 127] : [zero, activation === 3 ? six : 127];
  return Array.from({ length: 65536 }, (_, i) =>
    output(BigInt(i - 32768), quantized(factor), rounding, zero, low, high),
  );
}

for (const rounding of ["tflm", "xnnpack"] as const) {
  for (const backend of ["loops", "espruino"] as const) {
    it(`a convolution is right for every sum, ${rounding}, ${backend}`, () => {
      OUTPUTS.forEach(({ scale, zero, activation }, index) => {
        const image = int8([1, 1, PIXELS, 1], 1, 0);
        const weights = int8([UNITS, 1, 1, 1], 1, 0, ONES);
        const file = oneOperator("CONV_2D", [image, weights, int32(BIASES), int8([1, 1, PIXELS, UNITS], scale, zero)], {
          padding: 1,
          stride_w: 1,
          stride_h: 1,
          fused_activation_function: activation,
        });
        // Pixels are values, channels are biases.
        const expected = expectedOutputs(index, 1 / Math.fround(scale), rounding);
        let wrong = 0;
        for (let from = 0; from < 256; from += PIXELS) {
          const outputs = runModelOnce(file, ALL.subarray(from, from + PIXELS), { rounding, backend });
          outputs.forEach((value, i) => {
            if (value !== expected[(i % UNITS) * 256 + from + Math.floor(i / UNITS)]) wrong++;
          });
        }
        expect(wrong, `output scale ${scale}`).toBe(0);
      });
    });

    it(`a dense layer is right for every sum, ${rounding}, ${backend}`, () => {
      OUTPUTS.forEach(({ scale, zero, activation }, index) => {
        const tensors = [
          int8([1, 1], 1, 0),
          int8([UNITS, 1], 1, 0, ONES),
          int32(BIASES),
          int8([1, UNITS], scale, zero),
        ];
        const file = oneOperator("FULLY_CONNECTED", tensors, { fused_activation_function: activation });
        const factor = Math.fround(1) / Math.fround(scale);
        const expected = expectedOutputs(index, factor, rounding);
        let wrong = 0;
        // Every fifth value of the input: the sums of a unit lie within one step of most outputs.
        for (let x = index; x < 256; x += 5) {
          const outputs = runModelOnce(file, ALL.subarray(x, x + 1), { rounding, backend });
          for (let unit = 0; unit < UNITS; unit++) if (outputs[unit] !== expected[unit * 256 + x]) wrong++;
        }
        expect(wrong, `output scale ${scale}`).toBe(0);
      });
    });
  }
}
