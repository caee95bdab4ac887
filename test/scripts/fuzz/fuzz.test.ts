import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { built } from "../../e2e/sertao-command.js";

const dist = join(import.meta.dirname, "../../../dist/scripts/fuzz");
const CASES = 400;

interface Fuzz {
  fuzzModels: (typeof import("../../../scripts/fuzz/run-fuzz.js"))["fuzzModels"];
  LIMIT_BYTES: number;
}

describe.skipIf(!built)("hostile model files, in a process of their own (needs npm run build)", () => {
  it("end with an error that has a code, in time and within 64 MB", async () => {
    const { fuzzModels, LIMIT_BYTES } = (await import(join(dist, "run-fuzz.js"))) as Fuzz;
    const report = await fuzzModels({ seed: 20261101, first: 0, last: CASES });
    expect(report.failures).toEqual([]);
    expect(report.mostBytes).toBeLessThan(LIMIT_BYTES);
    expect(Object.values(report.outcomes).reduce((sum, count) => sum + count, 0)).toBe(CASES);
    // All that can come of a file came of some.
    for (const outcome of ["works", "MODEL_CORRUPT", "MODEL_OPERATOR_UNSUPPORTED", "E201", "E204", "E205", "E206"]) {
      expect(report.outcomes[outcome], outcome).toBeGreaterThan(0);
    }
  });

  it("are the same every time", async () => {
    const { modelCase } = (await import(
      join(dist, "model-cases.js")
    )) as typeof import("../../../scripts/fuzz/model-cases.js");
    for (let index = 0; index < 20; index++) {
      expect(Buffer.from(modelCase(7, index).bytes).equals(Buffer.from(modelCase(7, index).bytes))).toBe(true);
    }
    expect(Buffer.from(modelCase(7, 3).bytes).equals(Buffer.from(modelCase(8, 3).bytes))).toBe(false);
  });

  it("that crash, hang or take too much are noticed, and the others go on", async () => {
    const { fuzzModels } = (await import(join(dist, "run-fuzz.js"))) as Fuzz;
    const judge = new URL("../../fixtures/fuzz/bad-judge.mjs", import.meta.url).href;
    const { failures, outcomes } = await fuzzModels({ seed: 1, first: 0, last: 8, limitMs: 3000, judge });
    expect(failures.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5]);
    const problems = failures.map(({ problem }) => problem);
    expect(problems[0]).toContain("TypeError");
    expect(problems[1]).toBe("the process ended with status 3");
    expect(problems[2]).toMatch(/^no answer after 3 s$/);
    expect(problems[3]).toMatch(/^the process ended with/);
    expect(problems[4]).toMatch(/^(the process ended with|no answer)/);
    expect(outcomes["works"]).toBe(3);
  });
});
