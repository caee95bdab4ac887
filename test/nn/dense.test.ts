import fc from "fast-check";
import { expect, it } from "vitest";
import { bytes, PROPERTY, scale, variant } from "./reference/arbitraries.js";
import { int8, oneOperator, runModelOnce } from "./reference/one-operator.js";
import { output, quantized } from "./reference/requantize.js";

it("FULLY_CONNECTED is a product of matrices, with one scale or one per unit", () => {
  const cases = fc
    .record({
      batches: fc.integer({ min: 1, max: 2 }),
      depth: fc.integer({ min: 1, max: 40 }),
      units: fc.integer({ min: 1, max: 40 }),
      perUnit: fc.boolean(),
    })
    .chain((s) =>
      fc.record({
        s: fc.constant(s),
        input: bytes(s.batches * s.depth),
        weights: bytes(s.units * s.depth),
        biases: fc.array(fc.integer({ min: -100000, max: 100000 }), { minLength: s.units, maxLength: s.units }),
        scales: fc.array(scale, { minLength: s.units, maxLength: s.units }),
        inputScale: scale,
        outputScale: scale,
        zeros: fc.tuple(fc.integer({ min: -128, max: 127 }), fc.integer({ min: -128, max: 127 })),
        options: variant,
      }),
    );
  fc.assert(
    fc.property(cases, ({ s, input, weights, biases, scales, inputScale, outputScale, zeros, options }) => {
      const own = s.perUnit && s.units > 1 ? scales : scales.slice(0, 1);
      fc.pre(own.every((kernel) => (inputScale * kernel) / outputScale < 1));
      const file = oneOperator("FULLY_CONNECTED", [
        int8([s.batches, s.depth], inputScale, zeros[0]),
        {
          ...int8([s.units, s.depth], 1, 0, weights),
          quantization: { scale: own, zeroPoint: own.map(() => 0) },
        },
        { name: "b", shape: [s.units], type: "int32", data: Int32Array.from(biases) },
        int8([s.batches, s.units], outputScale, zeros[1]),
      ]);
      const expected: number[] = [];
      for (let n = 0; n < s.batches; n++) {
        for (let unit = 0; unit < s.units; unit++) {
          let sum = BigInt(biases[unit]!);
          for (let k = 0; k < s.depth; k++) {
            sum += BigInt((input[n * s.depth + k]! - zeros[0]) * weights[unit * s.depth + k]!);
          }
          const product = own.length > 1 ? inputScale * own[unit]! : Math.fround(inputScale * own[0]!);
          expected.push(output(sum, quantized(product / outputScale), options.rounding, zeros[1]));
        }
      }
      expect(Array.from(runModelOnce(file, input, options))).toEqual(expected);
    }),
    PROPERTY,
  );
});
