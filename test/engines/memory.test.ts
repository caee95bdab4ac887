import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BackendName } from "../../boards/board.js";
import type { EngineJob } from "../../scripts/engine/engine.js";
import { espruinoBuild } from "../../scripts/engine/espruino.js";
import { hostPieces } from "../../scripts/engine/host-text.js";
import { jerry } from "../../scripts/engine/jerry.js";
import { modelScript } from "../../scripts/engine/model-script.js";
import { inFolder } from "../../scripts/engine/run-command.js";
import { compileModel } from "../../scripts/model/compile.js";
import { packKernels } from "../../scripts/model/pack-kernels.js";
import { firmwareNet } from "../support/firmware-nets.js";
import { smallConvNet } from "../support/small-models.js";
import { TINY_INPUT_BYTES, tinyNet } from "../../scripts/fuzz/tiny-net.js";

const RUNS = 1000;
/** A net with layers of real size, fewer times: it takes a hundred times as long. */
const RUNS_OF_CONV_NET = { loops: 3, espruino: 20, tensorflow: RUNS } as const;
/** Something kept at every run, which a test of memory must notice. */
const LEAK = "var k=[],f=sertaoHost.fill;sertaoHost.fill=function(r,t){k.push({});f(r,t)};\n";

interface Net {
  readonly file: Uint8Array;
  readonly inputBytes: number;
}

function netFor(backend: BackendName, size: "tiny" | "conv"): Net {
  // The firmware's TensorFlow lacks some operators of the others.
  if (backend === "tensorflow") return firmwareNet(size === "tiny" ? 1 : 2);
  return size === "tiny"
    ? { file: tinyNet(), inputBytes: TINY_INPUT_BYTES }
    : { file: smallConvNet(), inputBytes: 192 };
}

/** A job that runs a net, with the script for it; `before` is put before the script. */
async function jobFor(
  { file, inputBytes }: Net,
  backend: BackendName,
  repeats: number,
  before = "",
): Promise<EngineJob> {
  const { pack } = compileModel(file, { rounding: "tflm", backend });
  const code = before + (await modelScript(packKernels(pack), backend));
  return { pack, code, inputs: new Uint8Array(inputBytes), inputBytes, records: 1, taps: [], dump: -1, repeats };
}

for (const command of ["espruino", "espruino-field"]) {
  const engine = espruinoBuild(command);
  /** JsVars in use after each of some runs. */
  const usage = async (net: Net, backend: BackendName, repeats: number, before = ""): Promise<number[]> => {
    // The runner prints the difference of two answers of `nowMs`: 0 before a run and the memory in use after it.
    const watch = "var n=0;sertaoHost.nowMs=function(){return n++%2?process.memory(false).usage:0};\n";
    const lines = await engine.run(await jobFor(net, backend, repeats, watch + before));
    return lines.filter((line) => line.startsWith("@ms ")).map((line) => Number(line.slice(4)));
  };

  describe.skipIf(engine.find() === undefined)(`on ${command} (needs its command)`, () => {
    it.each(engine.backends)(`no JsVar that the %s backend takes outlives its run, ${RUNS} times`, async (backend) => {
      const used = await usage(netFor(backend, "tiny"), backend, RUNS);
      expect(used).toHaveLength(RUNS);
      expect(used[0]).toBeGreaterThan(100);
      // The first run makes the variable that holds the time.
      expect(new Set(used.slice(1))).toEqual(new Set([used[1]]));
    });

    it.each(engine.backends)("nor in a net with layers of real size, by the %s backend", async (backend) => {
      const used = await usage(netFor(backend, "conv"), backend, RUNS_OF_CONV_NET[backend]);
      expect(new Set(used.slice(1))).toEqual(new Set([used[1]]));
    });

    it("one object for each run would be noticed", async () => {
      const used = await usage(netFor("espruino", "tiny"), "espruino", 10, LEAK);
      expect(new Set(used).size).toBeGreaterThan(8);
    });
  });
}

describe.skipIf(jerry.find() === undefined)("on JerryScript (needs the command jerry)", () => {
  /** Most bytes of the heap in use at one time. */
  const peakBytes = (repeats: number, before = ""): Promise<number> =>
    inFolder(async (folder) => {
      const job = await jobFor(netFor("loops", "tiny"), "loops", repeats, before);
      const pieces = [...hostPieces(job, { print: "print", nowMs: "0" }), job.code];
      const names = pieces.map((_, i) => `${String(i).padStart(4, "0")}.js`);
      await Promise.all(pieces.map((piece, i) => writeFile(join(folder, names[i]!), piece)));
      const { stdout, stderr } = spawnSync(jerry.find()!, ["--mem-stats", ...names], { cwd: folder, encoding: "utf8" });
      expect(stdout.split("@ms 0\n")).toHaveLength(repeats + 1);
      return Number(/Peak allocated = (\d+) bytes/.exec(stderr)![1]);
    });

  it(`the heap of ${RUNS} runs is never larger than that of one`, async () => {
    expect(await peakBytes(RUNS)).toBe(await peakBytes(1));
  });

  it("one object for each run would be noticed", async () => {
    expect(await peakBytes(RUNS, LEAK)).toBeGreaterThan(await peakBytes(1, LEAK));
  });
});
