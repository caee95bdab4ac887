import { describe, expect, it } from "vitest";
import { espruino } from "../../scripts/engine/espruino.js";
import { jerry } from "../../scripts/engine/jerry.js";
import { modelScript } from "../../scripts/engine/model-script.js";
import { packKernels } from "../../scripts/model/pack-kernels.js";
import { compileModel } from "../../scripts/model/compile.js";
import { smallConvNet } from "../support/small-models.js";

const INPUT_BYTES = 192;
describe.skipIf(espruino.find() === undefined)("on Espruino (needs the command espruino)", () => {
  it.each(espruino.backends)("nothing that a run allocates outlives it, by the %s backend", async (backend) => {
    const { pack } = compileModel(smallConvNet(), { rounding: "tflm", backend });
    const code = await modelScript(packKernels(pack), backend);
    // The runner prints the difference of two answers of `nowMs`: 0 before a run and the memory in use after it.
    const watched = `var n=0;sertaoHost.nowMs=function(){return n++%2?process.memory(false).usage:0};\n${code}`;
    const repeats = backend === "espruino" ? 200 : 20;
    const job = { pack, inputs: new Uint8Array(INPUT_BYTES), inputBytes: INPUT_BYTES, records: 1, taps: [], dump: -1 };
    const lines = await espruino.run({ ...job, code: watched, repeats });
    const usage = lines.filter((line) => line.startsWith("@ms ")).map((line) => Number(line.slice(4)));
    expect(usage).toHaveLength(repeats);
    expect(usage[0]).toBeGreaterThan(100);
    expect(usage.at(-1)).toBe(usage[1]);
  });
});

describe.skipIf(jerry.find() === undefined)("on JerryScript (needs the command jerry)", () => {
  it("runs 300 inferences in its 512 KB", async () => {
    const { pack } = compileModel(smallConvNet(), { rounding: "tflm" });
    const code = await modelScript(packKernels(pack), "loops");
    const job = { pack, inputs: new Uint8Array(INPUT_BYTES), inputBytes: INPUT_BYTES, records: 1, taps: [], dump: -1 };
    const lines = await jerry.run({ ...job, code, repeats: 300 });
    expect(lines.filter((line) => line.startsWith("@ms "))).toHaveLength(300);
  });
});
