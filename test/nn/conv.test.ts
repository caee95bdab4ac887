import fc from "fast-check";
import { expect, it } from "vitest";
import { clamps } from "./reference/activation.js";
import { bytes, PROPERTY, scale, variant } from "./reference/arbitraries.js";
import { int32, int8, oneOperator, runModelOnce } from "./reference/one-operator.js";
import { output, quantized } from "./reference/requantize.js";
import { along } from "./reference/window.js";

const shape = fc.record({
  height: fc.integer({ min: 1, max: 7 }),
  width: fc.integer({ min: 1, max: 7 }),
  channels: fc.integer({ min: 1, max: 5 }),
  kernelHeight: fc.integer({ min: 1, max: 3 }),
  kernelWidth: fc.integer({ min: 1, max: 3 }),
  /** Output channels of a convolution, multiplier of a depthwise one. */
  units: fc.integer({ min: 1, max: 6 }),
  strideX: fc.integer({ min: 1, max: 3 }),
  strideY: fc.integer({ min: 1, max: 3 }),
  dilationX: fc.integer({ min: 1, max: 2 }),
  dilationY: fc.integer({ min: 1, max: 2 }),
  same: fc.boolean(),
  activation: fc.constantFrom(0, 1, 2, 3),
  inputZero: fc.integer({ min: -128, max: 127 }),
  outputZero: fc.integer({ min: -128, max: 127 }),
  perTensor: fc.boolean(),
  hasBias: fc.boolean(),
});

for (const depthwise of [false, true]) {
  const name = depthwise ? "DEPTHWISE_CONV_2D" : "CONV_2D";
  it(`${name} is the sum of products that its definition says, for any geometry`, () => {
    const cases = shape.chain((s) => {
      const kernels = depthwise ? s.channels * s.units : s.units;
      const perKernel = s.kernelHeight * s.kernelWidth * (depthwise ? 1 : s.channels);
      return fc.record({
        s: fc.constant(s),
        kernels: fc.constant(kernels),
        input: bytes(s.height * s.width * s.channels),
        weights: bytes(kernels * perKernel),
        biases: fc.array(fc.integer({ min: -20000, max: 20000 }), { minLength: kernels, maxLength: kernels }),
        scales: fc.array(scale, { minLength: kernels, maxLength: kernels }),
        inputScale: scale,
        outputScale: scale,
        options: variant,
      });
    });
    fc.assert(
      fc.property(cases, ({ s, kernels, input, weights, biases, scales, inputScale, outputScale, options }) => {
        const [outHeight, padTop] = along(s.height, s.kernelHeight, s.strideY, s.dilationY, s.same);
        const [outWidth, padLeft] = along(s.width, s.kernelWidth, s.strideX, s.dilationX, s.same);
        fc.pre(outHeight > 0 && outWidth > 0);
        // Factors above 1 make outputs that saturate, and overflow in the reference itself.
        const own = s.perTensor ? scales.slice(0, 1) : scales;
        fc.pre(own.every((kernel) => (inputScale * kernel) / outputScale < 1));
        const file = oneOperator(
          name,
          [
            int8([1, s.height, s.width, s.channels], inputScale, s.inputZero),
            {
              ...int8(
                depthwise
                  ? [1, s.kernelHeight, s.kernelWidth, kernels]
                  : [kernels, s.kernelHeight, s.kernelWidth, s.channels],
                1,
                0,
                weights,
              ),
              quantization: { scale: own, zeroPoint: own.map(() => 0), dimension: depthwise ? 3 : 0 },
            },
            ...(s.hasBias ? [int32(biases)] : []),
            int8([1, outHeight, outWidth, kernels], outputScale, s.outputZero),
          ],
          {
            padding: s.same ? 0 : 1,
            stride_w: s.strideX,
            stride_h: s.strideY,
            fused_activation_function: s.activation,
            dilation_w_factor: s.dilationX,
            dilation_h_factor: s.dilationY,
            ...(depthwise && { depth_multiplier: s.units }),
          },
        );
        const expected: number[] = [];
        const [low, high] = clamps(s.activation, outputScale, s.outputZero);
        for (let y = 0; y < outHeight; y++) {
          for (let x = 0; x < outWidth; x++) {
            for (let unit = 0; unit < kernels; unit++) {
              let sum = BigInt(s.hasBias ? biases[unit]! : 0);
              for (let ky = 0; ky < s.kernelHeight; ky++) {
                for (let kx = 0; kx < s.kernelWidth; kx++) {
                  const iy = y * s.strideY - padTop + ky * s.dilationY;
                  const ix = x * s.strideX - padLeft + kx * s.dilationX;
                  if (iy < 0 || ix < 0 || iy >= s.height || ix >= s.width) continue;
                  for (let c = 0; c < (depthwise ? 1 : s.channels); c++) {
                    const channel = depthwise ? Math.floor(unit / s.units) : c;
                    const value = input[(iy * s.width + ix) * s.channels + channel]! - s.inputZero;
                    const weight = depthwise
                      ? weights[(ky * s.kernelWidth + kx) * kernels + unit]!
                      : weights[((unit * s.kernelHeight + ky) * s.kernelWidth + kx) * s.channels + c]!;
                    sum += BigInt(value * weight);
                  }
                }
              }
              const factor = quantized((inputScale * own[s.perTensor ? 0 : unit]!) / outputScale);
              expected.push(output(sum, factor, options.rounding, s.outputZero, low, high));
            }
          }
        }
        expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
      }),
      PROPERTY,
    );
  });
}

it("CONV_2D is right for sums that are too large to share a number as words", () => {
  const depth = 170;
  const cases = fc.integer({ min: 2, max: 5 }).chain((units) =>
    fc.record({
      units: fc.constant(units),
      pixels: fc.integer({ min: 8, max: 11 }),
      input: bytes(11 * depth),
      signs: fc.array(fc.boolean(), { minLength: units * depth, maxLength: units * depth }),
      size: fc.integer({ min: 100, max: 127 }),
      biases: fc.array(fc.integer({ min: -200000, max: 200000 }), { minLength: units, maxLength: units }),
      outputScale: fc.double({ min: 500, max: 40000, noNaN: true }).map(Math.fround),
      rounding: fc.constantFrom("tflm" as const, "xnnpack" as const),
    }),
  );
  fc.assert(
    fc.property(cases, ({ units, pixels, input, signs, size, biases, outputScale, rounding }) => {
      const weights = Int8Array.from(signs, (sign) => (sign ? size : -size));
      const file = oneOperator(
        "CONV_2D",
        [
          int8([1, 1, pixels, depth], 1, -3),
          int8([units, 1, 1, depth], 1, 0, weights),
          int32(biases),
          int8([1, 1, pixels, units], outputScale, 2),
        ],
        { padding: 1, stride_w: 1, stride_h: 1 },
      );
      const values = input.slice(0, pixels * depth);
      const expected: number[] = [];
      for (let pixel = 0; pixel < pixels; pixel++) {
        for (let unit = 0; unit < units; unit++) {
          let sum = BigInt(biases[unit]!);
          for (let c = 0; c < depth; c++) {
            sum += BigInt((values[pixel * depth + c]! + 3) * weights[unit * depth + c]!);
          }
          expected.push(output(sum, quantized(1 / outputScale), rounding, 2, -128, 127));
        }
      }
      expect([...runModelOnce(file, values, { rounding, backend: "espruino", plan: "fast" })]).toEqual(expected);
    }),
    { ...PROPERTY, numRuns: 60 },
  );
});
