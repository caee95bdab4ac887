import type { Equivalent } from "./mutant.js";
import { nnEquivalents } from "./nn-equivalents.js";

/** A part of the sources that can be tried, with the tests that must notice. */
export interface Subject {
  readonly name: string;
  /** Files and folders from the package's root that are mutated. */
  readonly sources: readonly string[];
  /** Files and folders that the tests need. */
  readonly needs: readonly string[];
  /** Test files, in the order they are run for a mutant that none is about. */
  readonly tests: readonly string[];
  /** Tests that only mutants of some files are worth. */
  readonly testsFor: readonly { readonly files: RegExp; readonly test: string }[];
  readonly equivalents: readonly Equivalent[];
}

export const subjects: readonly Subject[] = [
  {
    name: "nn",
    sources: [
      "lib/nn/operators",
      "lib/nn/espruino",
      "lib/nn/dense-rows.ts",
      "lib/nn/high-mul.ts",
      "lib/nn/pool.ts",
      "lib/nn/reciprocal.ts",
      "lib/nn/requantizer.ts",
      "lib/nn/window.ts",
      "scripts/model/operators",
      "scripts/model/native",
      "scripts/model/requantize",
      "scripts/model/xnnpack",
      "scripts/model/broadcast.ts",
      "scripts/model/conv-emission.ts",
      "scripts/model/copy-block.ts",
      "scripts/model/dense-layer.ts",
      "scripts/model/fixed-point.ts",
      "scripts/model/quantization.ts",
      "scripts/model/table-operator.ts",
      "scripts/model/window-geometry.ts",
    ],
    needs: [
      "lib/core",
      "lib/hal",
      "lib/nn",
      "boards",
      "scripts/errors",
      "scripts/model",
      "scripts/fuzz/espruino-forms.ts",
      "scripts/mutants/small-vitest.ts",
      "scripts/mutants/trial-worker.ts",
      "test/nn",
      "test/support/golden.ts",
      "test/support/litert.ts",
      "test/support/shared.ts",
      "test/support/small-models.ts",
      "test/scripts/model/affine-steps.test.ts",
      "test/scripts/model/fit.test.ts",
      "test/scripts/model/memory-plan.test.ts",
      "test/scripts/model/refusals.test.ts",
      "test/fixtures/nn",
    ],
    tests: [
      "test/nn/interpreter.test.ts",
      "test/nn/dense.test.ts",
      "test/nn/conv.test.ts",
      "test/nn/elementwise.test.ts",
      "test/nn/tables.test.ts",
      "test/nn/type-changes.test.ts",
      "test/nn/moving.test.ts",
      "test/nn/functions.test.ts",
      "test/nn/rows.test.ts",
      "test/nn/ranges.test.ts",
      "test/nn/every-sum.test.ts",
      "test/nn/copy-bounds.test.ts",
      "test/nn/requantization.test.ts",
      "test/nn/xnnpack.test.ts",
      "test/nn/reference-tables.test.ts",
      "test/scripts/model/affine-steps.test.ts",
      "test/scripts/model/fit.test.ts",
      "test/scripts/model/memory-plan.test.ts",
      "test/scripts/model/refusals.test.ts",
    ],
    testsFor: [{ files: /^scripts\/model\/(operators|xnnpack)\//, test: "test/nn/litert.test.ts" }],
    equivalents: nnEquivalents,
  },
  {
    name: "update",
    sources: [
      "lib/update",
      "lib/app/model-traits.ts",
      "lib/app/provisioning-keeper.ts",
      "lib/app/slot-keeper.ts",
      "lib/app/updates.ts",
      "lib/settings",
    ],
    needs: ["lib", "boards", "scripts", "test"],
    tests: [
      "test/update/slots.test.ts",
      "test/update/manifest.test.ts",
      "test/update/refusal.test.ts",
      "test/update/provisioning-trial.test.ts",
      "test/update/trial.test.ts",
      "test/update/numbers.test.ts",
      "test/app/model-traits.test.ts",
      "test/settings/crash-settings.test.ts",
      "test/settings/flash-settings.test.ts",
      "test/app/provisioning-keeper.test.ts",
      "test/app/slot-keeper.test.ts",
      "test/update/agent.test.ts",
      "test/update/agent-refusals.test.ts",
      "test/update/agent-kinds.test.ts",
      "test/update/thin-link.test.ts",
      "test/update/agent-fuzz.test.ts",
    ],
    testsFor: [],
    equivalents: [],
  },
];
