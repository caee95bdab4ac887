import fc from "fast-check";
import { expect, it } from "vitest";
import { copy } from "../../lib/nn/operators/copy.js";
import { OperatorContext } from "../../lib/nn/operator-context.js";
import { PROPERTY } from "./reference/arbitraries.js";

const ARENA_BYTES = 64;
/** COPY reads no weights. */
const NO_PACK: readonly ArrayBuffer[] = [];

const small = fc.integer({ min: -2, max: 3 });
const five = fc.tuple(small, small, small, small, small);
const start = fc.integer({ min: -1, max: 6 });

it("COPY takes a block only where all of it lies within both tensors, and no element is written twice", () => {
  const cases = fc.record({
    extents: fc.oneof(five, fc.constant([1, 1, 1, 1, 2] as const), fc.constant([1, 1, 1, 2, 2] as const)),
    inSteps: five,
    outSteps: five,
    inStart: start,
    outStart: start,
    inCount: fc.integer({ min: 1, max: 9 }),
    outCount: fc.integer({ min: 1, max: 9 }),
  });
  let taken = 0;
  fc.assert(
    fc.property(cases, ({ extents, inSteps, outSteps, inStart, outStart, inCount, outCount }) => {
      const sizes: readonly number[] = extents;
      const words = [...sizes, ...inSteps, ...outSteps, inStart, outStart, 0, inCount, 0, outCount, 32];
      const context = new OperatorContext(
        NO_PACK,
        Int32Array.from(words),
        [new ArrayBuffer(ARENA_BYTES)],
        [new ArrayBuffer(0)],
        undefined,
      );
      const places = (steps: readonly number[], from: number): number[] =>
        sizes.reduce<number[]>(
          (list, extent, axis) =>
            list.flatMap((at) => Array.from({ length: Math.max(0, extent) }, (_, i) => at + i * steps[axis]!)),
          [from],
        );
      const isWithin = (list: number[], count: number): boolean => list.every((at) => at >= 0 && at < count);
      const read = places(inSteps, inStart);
      const written = places(outSteps, outStart);
      const isSound =
        sizes.every((extent) => extent >= 1) &&
        isWithin(read, inCount) &&
        isWithin(written, outCount) &&
        written.length <= outCount;
      let accepted = true;
      try {
        copy.prepare(context);
      } catch (error) {
        expect((error as Error).message).toContain("E205");
        accepted = false;
      }
      if (accepted) taken++;
      expect(accepted).toBe(isSound);
    }),
    { ...PROPERTY, numRuns: 4000 },
  );
  expect(taken).toBeGreaterThan(20);
});
