import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoweredModel, LoweredOperator } from "../../../scripts/model/lowered.js";
import { planMemory } from "../../../scripts/model/memory-plan.js";
import { compileModel } from "../../../scripts/model/compile.js";
import { loadGolden } from "../../support/golden.js";
import { shared } from "../../support/shared.js";

function operator(reads: number[], writes: number[], inPlace?: number): LoweredOperator {
  return {
    kernel: "TABLE",
    code: 4,
    node: 0,
    reads,
    writes,
    inPlace,
    parameters: [],
    scratchBytes: 0,
    keptVars: 0,
    passingVars: 0,
    macs: 0,
    outputs: 1,
  };
}

function model(sizes: readonly number[], operators: LoweredOperator[], output: number): LoweredModel {
  const values = sizes.map((bytes, id) => ({ id, name: `v${id}`, bytes, alignment: 1 }));
  const fits = { single: 0, split: 0, exact: 0 };
  return { values, operators, outputs: [], input: 0, output, fits };
}

it("never gives two values that live together the same bytes", () => {
  const graphs = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 14 }).chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      sources: fc.tuple(
        ...sizes.slice(1).map((_, i) => fc.uniqueArray(fc.integer({ min: 0, max: i }), { minLength: 1 })),
      ),
      inPlace: fc.array(fc.boolean(), { minLength: sizes.length, maxLength: sizes.length }),
    }),
  );
  fc.assert(
    fc.property(graphs, ({ sizes, sources, inPlace }) => {
      const operators = sources.map((reads, i) => operator(reads, [i + 1], inPlace[i] ? reads[0] : undefined));
      const plan = planMemory(model(sizes, operators, sizes.length - 1));
      for (const a of plan.places) {
        expect(a.offset + a.bytes).toBeLessThanOrEqual(plan.arenaBytes);
        for (const b of plan.places) {
          const together = a !== b && a.first <= b.last && b.first <= a.last;
          if (together) expect(a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset).toBe(true);
        }
      }
      expect(plan.arenaBytes).toBeGreaterThanOrEqual(plan.liveBytes);
    }),
    { seed: 12, numRuns: 300 },
  );
});

it("lets an operator overwrite an input that nothing reads later, and only then", () => {
  const chain = model([100, 100, 100], [operator([0], [1], 0), operator([1], [2], 1)], 2);
  expect(planMemory(chain).arenaBytes).toBe(100);
  const residual = model([100, 100, 100], [operator([0], [1], 0), operator([0, 1], [2], 1)], 2);
  expect(planMemory(residual).arenaBytes).toBe(200);
});

describe.skipIf(!shared)("arenas of the reference models (needs ../shared)", () => {
  it.each([
    ["tflm_hello_world_int8", 32],
    ["mlperf_ad_autoencoder", 768],
    ["tflm_micro_speech", 5960],
    ["arduino_magic_wand", 7168],
    ["mlperf_kws_dscnn", 16000],
    ["mlperf_ic_resnet8", 49152],
  ])("%s needs at most %i bytes", (name, bytes) => {
    const { report } = compileModel(loadGolden(name).model, { rounding: "tflm" });
    expect(report.arenaBytes).toBeLessThanOrEqual(bytes);
    expect(report.fits.exact).toBe(0);
  });
});
