import { describe, expect, it } from "vitest";
import { espruinoBuild } from "../../scripts/engine/espruino.js";
import { node } from "../../scripts/engine/node.js";
import { runModel } from "../../scripts/engine/run-model.js";
import { compileModel, type CompileOptions } from "../../scripts/model/compile.js";
import { PLANS, type PlanName } from "../../scripts/model/plan.js";
import { ROUNDINGS, type Rounding } from "../../scripts/model/rounding.js";
import { operatorTaps } from "../../scripts/model/taps.js";
import { loadGolden } from "../support/golden.js";
import { shared } from "../support/shared.js";
import { smallConvNet, wideDense } from "../support/small-models.js";

/** Builds for Linux keep Storage in a file: 256 KB of it, or 4 MB where the board's is emulated. */
const COMMANDS = { espruino: 262144, "espruino-field": 4194304 } as const;
/** Models, with the roundings and plans of each: a run takes seconds where every weight comes out of a file. */
const MODELS: Record<string, readonly [readonly Rounding[], readonly PlanName[]]> = {
  tflm_hello_world_int8: [ROUNDINGS, PLANS],
  tflm_micro_speech: [ROUNDINGS, PLANS],
  mlperf_kws_dscnn: [["tflm"], PLANS],
  mlperf_ad_autoencoder: [ROUNDINGS, ["lean"]],
};
/** The only one that takes more than the smaller Storage. */
const BIG = "mlperf_ad_autoencoder";

for (const [command, flashBytes] of Object.entries(COMMANDS)) {
  const engine = espruinoBuild(command, "storage");

  describe.skipIf(engine.find() === undefined)(`weights in Storage (needs the command ${command})`, () => {
    it.each(PLANS)("give the bytes that RAM gives, by the %s plan", async (plan) => {
      const inputs = Uint8Array.from({ length: 192 }, (_, i) => (i * 37) & 255);
      const options: CompileOptions = { rounding: "tflm", backend: "espruino", plan };
      const expected = await runModel(node, compileModel(smallConvNet(), { rounding: "tflm" }).pack, inputs, {
        backend: "loops",
      });
      const run = await runModel(engine, compileModel(smallConvNet(), options).pack, inputs, { backend: "espruino" });
      expect([...run.outputs]).toEqual([...expected.outputs]);
    });

    it("are read in pieces where a view cannot reach so far", async () => {
      const file = wideDense(512, 300);
      const { pack } = compileModel(file, { rounding: "tflm", backend: "espruino", plan: "lean" });
      expect(pack.length).toBeGreaterThan(131072);
      const inputs = Uint8Array.from({ length: 512 }, (_, i) => (i * 91) & 255);
      const expected = await runModel(node, compileModel(file, { rounding: "tflm" }).pack, inputs, {
        backend: "loops",
      });
      const run = await runModel(engine, pack, inputs, { backend: "espruino" });
      expect([...run.outputs]).toEqual([...expected.outputs]);
    });

    for (const [name, [roundings, plans]] of Object.entries(MODELS)) {
      it.skipIf(!shared || (name === BIG && flashBytes < 300000))(
        `${name} gives the reference's bytes (needs ../shared)`,
        async () => {
          const golden = loadGolden(name);
          const inputs = golden.inputs.subarray(0, golden.inputBytes);
          for (const rounding of roundings) {
            for (const plan of plans) {
              const { pack, report } = compileModel(golden.model, { rounding, backend: "espruino", plan });
              const taps = operatorTaps(report).flatMap(({ operator, offset, bytes }) => [operator, offset, bytes]);
              const run = await runModel(engine, pack, inputs, { backend: "espruino", taps });
              const expected = golden.outputs[rounding].subarray(0, golden.outputBytes);
              expect(Buffer.from(run.outputs).equals(expected), `${rounding}, ${plan}`).toBe(true);
              const known = golden.layers.get(0);
              if (rounding === "tflm" && known) expect(run.crcs[0], plan).toEqual(known);
            }
          }
        },
      );
    }
  });
}
