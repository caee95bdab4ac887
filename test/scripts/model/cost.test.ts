import { createContext, Script } from "node:vm";
import { describe, expect, it } from "vitest";
import { boards, findBoard } from "../../../boards/index.js";
import { hostFor } from "../../../scripts/engine/in-process-host.js";
import { modelScript } from "../../../scripts/engine/model-script.js";
import { compileModel } from "../../../scripts/model/compile.js";
import { CHIPS } from "../../../scripts/model/cost/chips.js";
import { COUNTS, countBlocks } from "../../../scripts/model/cost/count-blocks.js";
import { COUNTED } from "../../../scripts/model/cost/espruino-instructions.js";
import { inferenceCost } from "../../../scripts/model/cost/inference-cost.js";
import { NativeCounters } from "../../../scripts/model/cost/native-counters.js";
import { rangeText, timeEstimates } from "../../../scripts/model/cost/time-estimate.js";
import { reportText } from "../../../scripts/model/report-text.js";
import { loadGolden } from "../../support/golden.js";
import { shared } from "../../support/shared.js";
import { smallConvNet } from "../../support/small-models.js";

/** How far a weighed statement may be from the one that was counted. */
const GREATEST_ERROR = 0.2;
const ESP32 = findBoard("esp32")!;

/** Instructions of the interpreter that a script is weighed as, where its loops go round `n` times. */
function weighed(statements: string, n: number): number {
  const { code, blockInstructions } = countBlocks(`!function(){function f(p,q){}var i=0,s=0;${statements}}();`);
  const counts = blockInstructions.map(() => 0);
  const natives = new NativeCounters();
  const bytes = (): Int8Array => new Int8Array(n);
  const variables = {
    n,
    u: 1.5,
    v: 2,
    y: bytes(),
    a: bytes(),
    b: bytes(),
    m: new Float64Array(n),
    k: new Uint8Array(n),
  };
  const q = Array.from({ length: n }, bytes);
  const { convolve: c } = natives.globals.E;
  new Script(code).runInContext(createContext({ [COUNTS]: counts, ...variables, q, c }));
  return counts.reduce((sum, count, block) => sum + count * blockInstructions[block]!, natives.correction);
}

/** Instructions of one round of a loop. */
function round(loop: string): number {
  return (weighed(loop, 64) - weighed(loop, 32)) / 32;
}

describe("weighing a script", () => {
  it.each(COUNTED)("%s: about %i instructions of Espruino", (script, instructions) => {
    const isLoop = script.startsWith("for");
    const own = isLoop ? round(script) : round(`for(;i<n;i++){${script}}`) - round("for(;i<n;i++);");
    expect(Math.abs(own - instructions) / instructions).toBeLessThan(GREATEST_ERROR);
  });

  it("does not change what the script computes", async () => {
    const { pack, report } = compileModel(smallConvNet(), { rounding: "tflm" });
    const code = await modelScript(report.kernels, "loops");
    const { code: counting, blockInstructions } = countBlocks(code);
    const run = (script: string): string[] => {
      const lines: string[] = [];
      const inputs = Uint8Array.from({ length: 192 }, (_, i) => (i * 37) & 255);
      const job = { code: script, pack, inputs, inputBytes: 192, records: 1, taps: [], dump: -1, repeats: 0 };
      const globals = {
        sertaoHost: hostFor(job, (line) => void lines.push(line)),
        [COUNTS]: blockInstructions.map(() => 0),
      };
      new Script(script).runInContext(createContext(globals));
      return lines;
    };
    expect(run(counting)).toEqual(run(code));
    expect(run(code)[0]).toMatch(/^@out [0-9a-f]{8}$/);
  });
});

describe("the estimate of an inference", () => {
  const compiled = compileModel(smallConvNet(), { rounding: "tflm", board: ESP32 });

  it("has low, middle and high for each operator, which add up, and says where they come from", async () => {
    const cost = await inferenceCost(compiled);
    const [estimate, ...others] = timeEstimates("espruino", cost, ESP32);
    expect(others).toEqual([]);
    const { ms, operators, source, chip, clockHz } = estimate!;
    expect([chip, clockHz]).toEqual(["ESP32", 240e6]);
    expect(source).toMatch(/^estimated, not measured: .*ARM.*Espruino/);
    expect(operators).toHaveLength(compiled.report.operators.length);
    for (const of of ["low", "mid", "high"] as const) {
      expect(operators.reduce((sum, operator) => sum + operator.ms[of], 0)).toBeCloseTo(ms[of]);
      expect(operators.every((operator) => operator.ms[of] > 0)).toBe(true);
    }
    expect(ms.low).toBeLessThan(ms.mid);
    expect(ms.mid).toBeLessThan(ms.high);
    expect(cost?.runningJsVars).toBeGreaterThan(0);
  });

  it("is made for every known chip without a board, and for none that nothing is known of", async () => {
    const cost = await inferenceCost(compiled);
    expect(timeEstimates("espruino", cost, undefined).map(({ cpu }) => cpu)).toEqual(Object.keys(CHIPS));
    expect(timeEstimates("espruino", cost, findBoard("esp32s3"))).toEqual([]);
    const known = boards.filter((board) => timeEstimates("espruino", cost, board).length > 0);
    expect(known.map(({ id }) => id)).toEqual(["esp32", "esp32c3"]);
    const silent = { ...compiled, board: findBoard("esp32s3"), fit: undefined, runningJsVars: 0, estimates: [] };
    expect(reportText(silent, "net.smod")).toMatch(
      /^no estimate of the time: nothing is known of the speed of the espruino backend of Espruino on the ESP32-S3$/m,
    );
  });

  it("is written with two digits", () => {
    expect(rangeText({ low: 3892.3, mid: 5049.4, high: 7905.2 })).toBe("3900/5000/7900 ms");
    expect(rangeText({ low: 18658, mid: 23705, high: 35466 })).toBe("19/24/35 s");
    expect(rangeText({ low: 6.91, mid: 10.4, high: 19.6 })).toBe("6.9/10/20 ms");
  });

  // Milliseconds on an ESP32 worked out by hand from the same counts: one statement for each output, 450 instructions
  // for each multiply-accumulate. The fast forms have one statement for two outputs.
  it.skipIf(!shared).each([
    ["tflm_hello_world_int8", 18],
    ["mlperf_ad_autoencoder", 2000],
  ])(
    "of %s is below the one made by hand for a slower form, %i ms, by less than half (needs ../shared)",
    async (name, expectedMs) => {
      const model = compileModel(loadGolden(name).model, { rounding: "tflm", board: ESP32, plan: "fast" });
      const [estimate] = timeEstimates("espruino", await inferenceCost(model), ESP32);
      expect(estimate!.ms.mid).toBeLessThan(expectedMs);
      expect(estimate!.ms.mid).toBeGreaterThan(expectedMs / 2);
    },
  );
});
