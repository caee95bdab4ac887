import { describe, expect, it } from "vitest";
import { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import type { Clock } from "../../lib/hal/clock.js";
import { allOperators } from "../../lib/nn/all-operators.js";
import { espruinoOperators } from "../../lib/nn/espruino-operators.js";
import { Interpreter } from "../../lib/nn/interpreter.js";
import type { Kernel } from "../../lib/nn/operator.js";
import type { OperatorContext } from "../../lib/nn/operator-context.js";
import { openModelPack } from "../../lib/nn/model-pack.js";
import { PackHeader } from "../../lib/nn/pack-format.js";
import { compileModel } from "../../scripts/model/compile.js";
import { hostInterpreter } from "../../scripts/model/golden-vectors.js";
import { PLANS } from "../../scripts/model/plan.js";
import { seal } from "../../scripts/model/pack-writer.js";
import { sequence, smallConvNet, wideDense } from "../support/small-models.js";

const LABELS = ["calm", "frost", "wind", "rain"];
const { pack } = compileModel(smallConvNet(), { rounding: "tflm", labels: LABELS, version: 7 });

/** A clock that moves on by one millisecond whenever it is asked. */
function tickingClock(): Clock {
  let now = 0;
  return { nowMs: () => now++, after: () => 0, cancel: () => undefined };
}

function filled(): Interpreter {
  const interpreter = hostInterpreter(pack);
  interpreter.input.forEach((_, i, all) => (all[i] = (i * 37) % 256));
  return interpreter;
}

describe("Interpreter", () => {
  it("gives the same output by steps as in one go, whatever the budget", () => {
    const whole = filled();
    expect(whole.invoke()).toBe(ErrorCode.OK);
    for (const budgetMs of [0, 1, 5, 1000]) {
      const stepped = filled();
      const clock = tickingClock();
      let steps = 1;
      while (!stepped.step(budgetMs, clock)) steps++;
      expect(Array.from(stepped.output)).toEqual(Array.from(whole.output));
      expect(steps > 1).toBe(budgetMs < 1000);
    }
  });

  it("does one row in a step without budget", () => {
    const stepped = filled();
    const clock = tickingClock();
    let steps = 1;
    while (!stepped.step(0, clock)) steps++;
    // Rows: 8 of each convolution, 2 of the sum (512 elements), 8 channels of the pool, one each of dense layer
    // and softmax.
    expect(steps).toBe(8 + 8 + 2 + 8 + 1 + 1);
  });

  it("overruns its budget by one row of one operator at most, whatever the rows cost", () => {
    let nowMs = 0;
    let lastRowMs = 0;
    const costs = sequence(77);
    const timed = Object.values(allOperators).map((operator) => ({
      code: operator.code,
      prepare(context: OperatorContext): Kernel | undefined {
        const kernel = operator.prepare(context);
        if (kernel === undefined) return undefined;
        const run = (from: number, to: number): void => {
          expect(to).toBe(from + 1);
          lastRowMs = Math.floor(costs() * 30);
          nowMs += lastRowMs;
          kernel.run(from, to);
        };
        return { rows: kernel.rows, run };
      },
    }));
    const stepped = new Interpreter(openModelPack(pack.slice().buffer), timed);
    stepped.prepare();
    const clock: Clock = { nowMs: () => nowMs, after: () => 0, cancel: () => undefined };
    for (const budgetMs of [0, 1, 10, 25, 100]) {
      for (let done = false; !done;) {
        const start = nowMs;
        done = stepped.step(budgetMs, clock);
        // Without the last row the budget was not used up.
        expect(nowMs - start - lastRowMs).toBeLessThanOrEqual(budgetMs === 0 ? 0 : budgetMs - 1);
        if (!done) expect(nowMs - start).toBeGreaterThanOrEqual(budgetMs);
      }
    }
  });
  it.each(PLANS)(
    "does one row in a step by the %s plan of native forms too, and keeps what it made for the next",
    (plan) => {
      const { pack: native } = compileModel(smallConvNet(), { rounding: "tflm", backend: "espruino", plan });
      const [whole, stepped] = [hostInterpreter(native), hostInterpreter(native)];
      for (const one of [whole, stepped]) one.input.forEach((_, i, all) => (all[i] = (i * 37) % 256));
      whole.invoke();
      const { _kernels: kernels } = stepped as unknown as { _kernels: { rows: number }[] };
      const rows = kernels.reduce((sum, kernel) => sum + kernel.rows, 0);
      const clock = tickingClock();
      let steps = 1;
      while (!stepped.step(0, clock)) steps++;
      expect(steps).toBe(rows);
      expect(rows).toBeGreaterThan(8 + 8);
      expect(Array.from(stepped.output)).toEqual(Array.from(whole.output));
    },
  );

  it("begins anew after invoke() in the middle of steps", () => {
    const stepped = filled();
    stepped.step(0, tickingClock());
    const again = filled();
    again.input.forEach((value, i) => (stepped.input[i] = value));
    stepped.invoke();
    again.invoke();
    expect(Array.from(stepped.output)).toEqual(Array.from(again.output));
  });

  it("passes its self-test, and fails it when a weight is another", () => {
    expect(filled().selfTest()).toBe(true);
    const changed = pack.slice();
    const goldens = new DataView(changed.buffer).getUint32(PackHeader.GOLDENS, true);
    const outputs = goldens + new DataView(changed.buffer).getUint32(PackHeader.INPUT_BYTES, true);
    changed[outputs] = changed[outputs]! ^ 1;
    seal(changed, 1);
    expect(hostInterpreter(changed).selfTest()).toBe(false);
  });

  it("names the operator that a firmware lacks", () => {
    const interpreter = new Interpreter(openModelPack(pack.slice().buffer), [allOperators["CONV_2D"]!]);
    const missing = new DeviceError(ErrorCode.PACK_OPERATOR_MISSING, allOperators["DEPTHWISE_CONV_2D"]!.code);
    expect(() => interpreter.prepare()).toThrow(missing.message);
  });

  it("refuses an arena that no board has, before it is allocated", () => {
    const greedy = pack.slice();
    new DataView(greedy.buffer).setUint32(PackHeader.ARENA_BYTES, 0x7fffffff, true);
    seal(greedy, 1);
    expect(() => hostInterpreter(greedy)).toThrow(`E${ErrorCode.PACK_TOO_BIG}`);
  });
});

describe("ModelPack", () => {
  it("tells what the application needs", () => {
    const reader = openModelPack(pack.slice().buffer);
    expect(reader.modelVersion).toBe(7);
    expect(reader.inputScale).toBe(Math.fround(0.02));
    expect(reader.inputZeroPoint).toBe(-5);
    expect(reader.outputScale).toBe(1 / 256);
    expect(reader.outputZeroPoint).toBe(-128);
    expect(LABELS.map((_, i) => reader.label(i))).toEqual(LABELS);
    expect(reader.label(4)).toBe("");
  });

  it("has another id when a byte of the model is another", () => {
    const other = compileModel(smallConvNet(2), { rounding: "tflm", labels: LABELS, version: 7 });
    expect(openModelPack(other.pack.slice().buffer).modelId).not.toBe(openModelPack(pack.slice().buffer).modelId);
  });

  it("may come in pieces of 65,536 bytes", () => {
    const big = bigPack();
    expect(big.length).toBeGreaterThan(131072);
    const pieces: ArrayBuffer[] = [];
    for (let at = 0; at < big.length; at += 65536) pieces.push(big.slice(at, at + 65536).buffer);
    const whole = hostInterpreter(big);
    const inPieces = new Interpreter(openModelPack(pieces), Object.values(allOperators));
    inPieces.prepare();
    for (const one of [whole, inPieces]) {
      one.input.fill(77);
      one.invoke();
    }
    expect(Array.from(inPieces.output)).toEqual(Array.from(whole.output));
    expect(inPieces.selfTest()).toBe(true);
    expect(() => openModelPack(pieces.slice(0, 2))).toThrow(`E${ErrorCode.PACK_TRUNCATED}`);
  });
});

it("gives every operator a code of its own", () => {
  const codes = [...Object.values(allOperators), ...Object.values(espruinoOperators)].map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.every((code) => code > 0 && code < 256)).toBe(true);
});

function bigPack(): Uint8Array {
  return compileModel(wideDense(512, 300), { rounding: "tflm" }).pack;
}
