import { expect, it } from "vitest";
import { interpreterScript } from "../../scripts/engine/model-script.js";
import { compileModel } from "../../scripts/model/compile.js";
import { loadGolden } from "../support/golden.js";
import { shared } from "../support/shared.js";

/** How much less than its budget a bundle may have before the budget has to follow. */
const SLACK_BYTES = 300;

/** Operators of the DS-CNN that spots keywords, by backend, and what all of it may take. */
const KEYWORDS = {
  loops: { kernels: ["CONV_2D", "DEPTHWISE_CONV_2D", "MEAN", "FULLY_CONNECTED", "SOFTMAX"], budgetBytes: 5900 },
  espruino: {
    kernels: ["CONV_2D_NATIVE", "DEPTHWISE_CONV_2D_NATIVE", "MEAN", "FULLY_CONNECTED_NATIVE", "SOFTMAX"],
    budgetBytes: 7300,
  },
} as const;

for (const backend of ["loops", "espruino"] as const) {
  const { kernels, budgetBytes } = KEYWORDS[backend];

  it(`pack reader and interpreter stay small with all operators of a keyword spotter, ${backend} backend`, async () => {
    const { length } = await interpreterScript(kernels, backend);
    expect(length, "bytes, minified").toBeLessThanOrEqual(budgetBytes);
    expect(length, "bytes, minified; lower the budget").toBeGreaterThan(budgetBytes - SLACK_BYTES);
  });

  it.skipIf(!shared)(`those are the operators of mlperf_kws_dscnn, ${backend} backend (needs ../shared)`, () => {
    const { report } = compileModel(loadGolden("mlperf_kws_dscnn").model, { rounding: "tflm", backend });
    expect([...report.kernels].sort()).toEqual([...kernels].sort());
  });
}

it("an average pool in place of the mean of the whole image stays within the same budget", async () => {
  const kernels = KEYWORDS.loops.kernels.map((kernel) => (kernel === "MEAN" ? "AVERAGE_POOL_2D" : kernel));
  expect((await interpreterScript(kernels, "loops")).length).toBeLessThanOrEqual(KEYWORDS.loops.budgetBytes);
});

it("dense layers and tables alone are smaller still", async () => {
  expect((await interpreterScript(["FULLY_CONNECTED", "TABLE"], "loops")).length).toBeLessThanOrEqual(4000);
  expect((await interpreterScript(["FULLY_CONNECTED_NATIVE", "TABLE"], "espruino")).length).toBeLessThanOrEqual(4000);
});
