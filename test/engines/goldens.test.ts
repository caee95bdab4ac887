import { describe, expect, it } from "vitest";
import type { BackendName } from "../../boards/board.js";
import { engines } from "../../scripts/engine/engines.js";
import { runModel } from "../../scripts/engine/run-model.js";
import { compileModel } from "../../scripts/model/compile.js";
import { PLANS, type PlanName } from "../../scripts/model/plan.js";
import { operatorTaps } from "../../scripts/model/taps.js";
import { ROUNDINGS } from "../../scripts/model/rounding.js";
import { loadGolden } from "../support/golden.js";
import { shared } from "../support/shared.js";

/** Records that a slow engine runs: the rest is Node's. */
const RECORDS_ON_ENGINES = 1;

/** Models, with the engines and backends on which one inference takes too long for a test. */
const MODELS: Record<string, readonly string[]> = {
  tflm_hello_world_int8: [],
  mlperf_ad_autoencoder: [],
  tflm_micro_speech: [],
  arduino_magic_wand: ["espruino, loops"],
  mlperf_kws_dscnn: ["espruino, loops"],
  mlperf_ic_resnet8: ["espruino, loops"],
};

/** The plans that a backend has: the others have one. */
function plansOf(backend: BackendName): readonly (readonly [BackendName, PlanName | undefined])[] {
  return backend === "espruino" ? PLANS.map((plan) => [backend, plan] as const) : [[backend, undefined]];
}

describe.skipIf(!shared)("reference models give the reference's bytes (needs ../shared)", () => {
  for (const [name, tooSlow] of Object.entries(MODELS)) {
    for (const engine of engines) {
      // What the firmware's TensorFlow does with them, tensorflow.test.ts has.
      for (const [backend, plan] of engine.backends.filter((name) => name !== "tensorflow").flatMap(plansOf)) {
        const id = [engine.name, backend, ...(plan === undefined ? [] : [plan])].join(", ");
        it.skipIf(engine.find() === undefined || tooSlow.includes(id))(`${name} on ${id}`, async () => {
          const golden = loadGolden(name);
          const records = engine.name === "node" ? golden.records : Math.min(golden.records, RECORDS_ON_ENGINES);
          const inputs = golden.inputs.subarray(0, records * golden.inputBytes);
          for (const rounding of ROUNDINGS) {
            const { pack, report } = compileModel(golden.model, { rounding, backend, ...(plan && { plan }) });
            const taps = operatorTaps(report).flatMap(({ operator, offset, bytes }) => [operator, offset, bytes]);
            const run = await runModel(engine, pack, inputs, { backend, taps });
            const expected = golden.outputs[rounding].subarray(0, records * golden.outputBytes);
            expect(Buffer.from(run.outputs).equals(expected), `${rounding} outputs`).toBe(true);
            if (rounding === "xnnpack") continue;
            const known = [...golden.layers].filter(([record]) => record < records);
            expect(known.length).toBeGreaterThan(0);
            for (const [record, crcs] of known) expect(run.crcs[record], `record ${record}`).toEqual(crcs);
          }
        });
      }
    }
  }
});
