import { describe, expect, it } from "vitest";
import { findBoard } from "../../../boards/index.js";
import { boardFit } from "../../../scripts/model/board-fit.js";
import { choosePlan } from "../../../scripts/model/choose-plan.js";
import { compileModel, type CompileOptions } from "../../../scripts/model/compile.js";
import { readTflite } from "../../../scripts/model/tflite/reader.js";
import { loadGolden } from "../../support/golden.js";
import { shared } from "../../support/shared.js";
import { wideDense } from "../../support/small-models.js";

const MODELS = ["arduino_magic_wand", "tflm_micro_speech", "mlperf_kws_dscnn", "mlperf_ic_resnet8"];
/** Arena and scratch memory of the lean plan, over the arena. */
const LEAN_SHARE = 1.3;

function onBoard(model: Uint8Array, board: string, options: Partial<CompileOptions> = {}) {
  return compileModel(model, { rounding: "tflm", board: findBoard(board)!, ...options }).report;
}

describe.skipIf(!shared)("the plan for a board (needs ../shared)", () => {
  it("is fast where the board has memory for it, and lean where it has not", async () => {
    const { model } = loadGolden("mlperf_kws_dscnn");
    expect(onBoard(model, "esp32").nativePlan).toBe("fast");
    expect(onBoard(model, "esp32c3").nativePlan).toBe("lean");
    const small = findBoard("esp32c3")!;
    expect((await boardFit(small, compileModel(model, { rounding: "tflm", board: small }))).fits).toBe(true);
    expect(onBoard(model, "esp32c3", { plan: "fast" }).nativePlan).toBe("fast");
    expect(onBoard(model, "esp32", { plan: "lean" }).nativePlan).toBe("lean");
  });

  it("takes less scratch memory, then single weights, before it gives up being fast", () => {
    const { model } = loadGolden("mlperf_kws_dscnn");
    const free = compileModel(model, { rounding: "tflm", backend: "espruino" }).report;
    const bound = onBoard(model, "esp32");
    expect(bound.scratchBytes).toBeLessThan(free.scratchBytes);
    expect(bound.kernels).toEqual(free.kernels);
    const speech = onBoard(loadGolden("tflm_micro_speech").model, "esp8266-4mb");
    expect(speech.nativePlan).toBe("lean");
  });

  it.each(MODELS)("lean, takes little more than the arena of %s and no table of positions", (name) => {
    const model = readTflite(loadGolden(name).model);
    const { lowered, memory } = choosePlan(model, { rounding: "tflm", backend: "espruino", plan: "lean" });
    expect(memory.arenaBytes + memory.scratchBytes).toBeLessThanOrEqual(LEAN_SHARE * memory.arenaBytes);
    for (const { kernel, parameters } of lowered.operators) {
      const tables = parameters.filter((parameter) => parameter.kind === "constant" && parameter.alignment === 2);
      expect(tables, kernel).toHaveLength(0);
    }
  });
});

it("a small model of dense layers is fast on the smallest board, and other backends have no plan", () => {
  const dense = wideDense(24, 16);
  expect(onBoard(dense, "esp8266-4mb").nativePlan).toBe("fast");
  expect(compileModel(dense, { rounding: "tflm" }).report.nativePlan).toBeUndefined();
});
