import { describe, expect, it } from "vitest";
import { findBoard, type Board } from "../../boards/index.js";
import { PackHeader } from "../../lib/nn/pack-format.js";
import { espruinoBuild } from "../../scripts/engine/espruino.js";
import { runModel } from "../../scripts/engine/run-model.js";
import { compileModel } from "../../scripts/model/compile.js";
import { runPack } from "../../scripts/model/golden-vectors.js";
import { seal } from "../../scripts/model/pack-writer.js";
import { firmwareInputs, firmwareNet } from "../support/firmware-nets.js";
import { loadGolden } from "../support/golden.js";
import { shared } from "../support/shared.js";

const NETS = 40;
/** More than the arena needs, at most. */
const SPARE_BYTES = 256;
const RECORDS = 3;
const RUNNABLE = ["tflm_hello_world_int8", "tflm_micro_speech", "mlperf_kws_dscnn"];

/** Reference models that the firmware's TensorFlow cannot run, with the reason given when they are compiled. */
const REFUSED: Record<string, RegExp> = {
  arduino_magic_wand: /MODEL_BACKEND.*MEAN \(operator 3.*no MEAN/,
  mlperf_ic_resnet8: /MODEL_BACKEND.*ADD \(operator 3.*no ADD/,
  mlperf_ad_autoencoder: /MODEL_TOO_BIG.*276976 bytes/,
};

/** A network whose pack asks for another arena than was worked out, and an input. */
function withArena(
  seed: number,
  board: Board,
  change: (bytes: number) => number,
): [Uint8Array, Uint8Array, { backend: "tensorflow" }] {
  const net = firmwareNet(seed);
  const { pack } = compileModel(net.file, { rounding: "tflm", backend: "tensorflow", board });
  const view = new DataView(pack.buffer);
  // The first parameter of the one operator.
  const at = view.getUint32(PackHeader.OPERATORS, true) + 4;
  view.setInt32(at, change(view.getInt32(at, true)), true);
  seal(pack, 1);
  return [pack, firmwareInputs(net, 1, seed), { backend: "tensorflow" }];
}

for (const [command, board] of [
  ["espruino", findBoard("linux")!],
  ["espruino-field", findBoard("linux-field")!],
] as const) {
  const engine = espruinoBuild(command);
  describe.skipIf(engine.find() === undefined)(`the firmware's TensorFlow (needs the command ${command})`, () => {
    it.skipIf(!shared).each(RUNNABLE)(
      "gives the bytes of TensorFlow Lite Micro for %s (needs ../shared)",
      async (name) => {
        const golden = loadGolden(name);
        const { pack } = compileModel(golden.model, { rounding: "tflm", backend: "tensorflow" });
        const { outputs } = await runModel(engine, pack, golden.inputs, { backend: "tensorflow" });
        expect(outputs.length).toBe(golden.records * golden.outputBytes);
        expect(Buffer.from(outputs).equals(golden.outputs.tflm)).toBe(true);
      },
    );

    it("gives the bytes of the loops for networks made by chance, in the arena that was worked out", async () => {
      for (let seed = 1; seed <= NETS; seed++) {
        const net = firmwareNet(seed);
        const { pack } = compileModel(net.file, { rounding: "tflm", backend: "tensorflow", board });
        const inputs = firmwareInputs(net, RECORDS, seed);
        const { outputs } = await runModel(engine, pack, inputs, { backend: "tensorflow" });
        const loops = compileModel(net.file, { rounding: "tflm", backend: "loops" }).pack;
        expect(Array.from(outputs), `network ${seed}`).toEqual(Array.from(runPack(loops, inputs)));
      }
    });

    it("is asked for little more memory than it needs", async () => {
      for (let seed = 1; seed <= 5; seed++) {
        const run = runModel(engine, ...withArena(seed, board, (bytes) => bytes - SPARE_BYTES));
        // What it then tries to use does not exist: it may end without a word.
        await expect(run, `network ${seed}`).rejects.toThrow(/ENGINE_FAILED/);
      }
    });

    it("is refused where it needs more memory than there is", async () => {
      const run = runModel(engine, ...withArena(1, board, () => 1e7));
      await expect(run).rejects.toThrow(
        /ENGINE_FAILED.*E210:10000000 \(RUNTIME_REFUSED: The firmware has no TensorFlow/,
      );
    });
  });
}

describe.skipIf(!shared)("models beyond the firmware (needs ../shared)", () => {
  it.each(Object.entries(REFUSED))("%s is refused when it is compiled", (name, reason) => {
    const { model } = loadGolden(name);
    expect(() => compileModel(model, { rounding: "tflm", backend: "tensorflow" })).toThrow(reason);
  });
});
