import { expect, it } from "vitest";
import { compileModel } from "../../scripts/model/compile.js";
import { int32, int8, oneOperator } from "./reference/one-operator.js";

it("a model says how its channels are requantized", () => {
  const file = oneOperator("FULLY_CONNECTED", [
    int8([1, 40], 1, 0),
    int8([3, 40], 0.3, 0, new Int8Array(120).fill(100)),
    int32([1, 2, 3]),
    int8([1, 3], 1, 0),
  ]);
  const fits = (exactOnly: boolean, rounding: "tflm" | "xnnpack"): object =>
    compileModel(file, { rounding, exactOnly }).report.fits;
  expect(fits(true, "tflm")).toEqual({ single: 0, split: 0, exact: 1 });
  expect(fits(false, "xnnpack")).toEqual({ single: 1, split: 0, exact: 0 });
  expect(fits(false, "tflm")).toEqual({ single: 0, split: 1, exact: 0 });
});

it("sums are refused from the first that 32 bits cannot hold", () => {
  // One weight of 1 and inputs from -128 to 127: the sums are the bias and those around it.
  const file = (bias: number, zero: number): Uint8Array =>
    oneOperator("FULLY_CONNECTED", [
      int8([1, 1], 1, zero),
      int8([1, 1], 1, 0, Int8Array.of(1)),
      int32([bias]),
      int8([1, 1], 2 ** 24, 0),
    ]);
  const compiles = (bias: number, zero = 0): boolean => {
    try {
      return compileModel(file(bias, zero), { rounding: "tflm" }).pack.length > 0;
    } catch (error) {
      expect(String(error)).toContain("32 bits");
      return false;
    }
  };
  expect([compiles(2147483647 - 127), compiles(2147483647 - 126)]).toEqual([true, false]);
  expect([compiles(-2147483648 + 128), compiles(-2147483648 + 127)]).toEqual([true, false]);
  // The bias with the zero point folded in: the sums stay within, the bias alone does not.
  expect([compiles(2147483647 - 255, -128), compiles(2147483647 - 254, -128)]).toEqual([true, false]);
});
