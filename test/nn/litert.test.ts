import { expect, it } from "vitest";
import { compileModel } from "../../scripts/model/compile.js";
import { runPack } from "../../scripts/model/golden-vectors.js";
import { loadLiteRt } from "../support/litert.js";
import { floatEndedConvNet, sequence } from "../support/small-models.js";
import { floatEndedModels } from "./reference/float-ended.js";

const NETS = 12;
const RECORDS = 8;
const MODELS_OF_A_KIND = 12;
const RECORDS_OF_A_KIND = 3;

it("gives LiteRT's results with the xnnpack rounding, for convolutions and dense layers", async () => {
  let compared = 0;
  for (let seed = 1; seed <= NETS; seed++) {
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
  expect(compared).toBe(NETS * RECORDS * 2 * 5);
});

it.each(Object.entries(floatEndedModels(2026)))(
  "gives LiteRT's results with the xnnpack rounding: %s",
  async (_, draw) => {
    const next = sequence(77);
    for (let k = 0; k < MODELS_OF_A_KIND; k++) {
      const { file, input } = draw();
      const runtime = await loadLiteRt(file);
      const { scale, zeroPoint } = input.quantization!;
      const elements = input.shape.reduce((product, size) => product * size, 1);
      for (let record = 0; record < RECORDS_OF_A_KIND; record++) {
        // Tables get every value there is.
        const value = (i: number): number => (elements === 256 ? i : Math.floor(next() * 256)) - 128;
        const floats = Float32Array.from({ length: elements }, (__, i) => scale[0]! * (value(i) - zeroPoint[0]!));
        const [theirs] = await runtime.run([floats]);
        for (const backend of ["loops", "espruino"] as const) {
          const { pack } = compileModel(file, { rounding: "xnnpack", backend });
          const ours = new Float32Array(runPack(pack, new Uint8Array(floats.buffer)).buffer);
          expect(Array.from(ours), `model ${k}, record ${record}, ${backend}`).toEqual(Array.from(theirs!));
        }
      }
    }
  },
);
