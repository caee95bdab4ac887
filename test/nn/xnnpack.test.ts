import { expect, it } from "vitest";
import { roundHalfEven } from "../../scripts/model/xnnpack/round-half-even.js";
import { xnnpackSum } from "../../scripts/model/xnnpack/sum.js";
import { isXnnpackFactor, xnnpackRescale } from "../../scripts/model/xnnpack/rescale.js";

it("roundHalfEven rounds as C does: halves to the even number", () => {
  const cases = [
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [3.5, 4],
    [-0.5, 0],
    [-1.5, -2],
    [-2.5, -2],
    [2.4, 2],
    [2.6, 3],
    [-2.4, -2],
    [-2.6, -3],
    [7, 7],
  ] as const;
  for (const [value, rounded] of cases) expect(roundHalfEven(value) + 0, String(value)).toBe(rounded);
});

it("xnnpackSum keeps 21 bits of the greater operand, and rounds halves of the other to even", () => {
  const of = (scale: number): { scale: number; zeroPoint: number } => ({ scale, zeroPoint: 0 });
  // 2^20 for the greater, so 2048.5 for the other.
  const sum = xnnpackSum(of(1), of(2048.5 / 2 ** 20), of(1), 1)!;
  expect(sum.multipliers).toEqual([2 ** 20, 2048]);
  expect(sum.factor).toEqual({ multiplier: 2 ** 30, shift: 1 - 20 });
  expect(xnnpackSum(of(3), of(1), of(1), -1)!.multipliers).toEqual([3 * 2 ** 19, -(2 ** 19)]);
  expect(xnnpackSum(of(0.5), of(0.5), of(1), 1)!.factor.shift).toBe(1 - 21);
});

it("leaves scales to TensorFlow Lite that XNNPACK does not take", () => {
  const of = (scale: number): { scale: number; zeroPoint: number } => ({ scale, zeroPoint: 0 });
  const takes = (a: number, b: number): boolean => xnnpackSum(of(a), of(b), of(1), 1) !== undefined;
  expect([takes(2 ** -10, 1), takes(1, 2 ** -10), takes(255.9, 1), takes(1, 255.9)]).toEqual([true, true, true, true]);
  expect([takes(2 ** -10.1, 1), takes(1, 2 ** -10.1), takes(256, 1), takes(1, 256)]).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect([2 ** -8, 128, 1].map(isXnnpackFactor)).toEqual([true, true, true]);
  expect([2 ** -8.1, 128.1, 0].map(isXnnpackFactor)).toEqual([false, false, false]);
});

it("xnnpackRescale keeps eight places of the factor, and rounds halves up", () => {
  expect(xnnpackRescale(1, 0.5)).toBe(1);
  expect(xnnpackRescale(-1, 0.5) + 0).toBe(0);
  expect(xnnpackRescale(100, 0.3)).toBe(Math.floor((100 * 77 + 128) / 256));
  expect(xnnpackRescale(-3, -0.25)).toBe(1);
});
