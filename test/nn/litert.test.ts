import { expect, it } from "vitest";
import { compileModel } from "../../scripts/model/compile.js";
import { runPack } from "../../scripts/model/golden-vectors.js";
import { loadLiteRt } from "../support/litert.js";
import { floatEndedConvNet, sequence } from "../support/small-models.js";

const MODELS = 12;
const RECORDS = 8;

it("gives LiteRT's results with the xnnpack rounding, for convolutions and dense layers", async () => {
  let compared = 0;
  for (let seed = 1; seed <= MODELS; seed++) {
    const file = floatEndedConvNet(seed);
    const runtime = await loadLiteRt(file);
    for (const backend of ["loops", "espruino"] as const) {
      const { pack } = compileModel(file, { rounding: "xnnpack", backend });
      const next = sequence(seed * 31);
      for (let k = 0; k < RECORDS; k++) {
        const input = Float32Array.from({ length: 192 }, () => Math.floor(next() * 256) - 125);
        const [theirs] = await runtime.run([input]);
        const ours = new Float32Array(runPack(pack, new Uint8Array(input.buffer)).buffer);
        expect(Array.from(ours), `model ${seed}, record ${k}, ${backend}`).toEqual(Array.from(theirs!));
        compared += ours.length;
      }
    }
  }
  expect(compared).toBe(MODELS * RECORDS * 2 * 5);
});
