import { describe, expect, it } from "vitest";
import type { BackendName } from "../../boards/board.js";
import type { ScriptEngine } from "../../scripts/engine/engine.js";
import { engines } from "../../scripts/engine/engines.js";
import { espruinoBuild } from "../../scripts/engine/espruino.js";
import { entryScript } from "../../scripts/engine/model-script.js";
import { compileModel } from "../../scripts/model/compile.js";
import { packKernels } from "../../scripts/model/pack-kernels.js";
import { firmwareNet } from "../support/firmware-nets.js";
import { smallConvNet } from "../support/small-models.js";

const BUDGETS_MS = [1, 2, 5, 1000];
const REAL_BUDGET_MS = 2;
const PASSES = 5;
/** Some clocks count whole milliseconds. */
const RESOLUTION_MS = 1;

/** Steps through a model by a clock that moves when it is looked at, then by the engine's own. */
function entry(backend: BackendName): string {
  return `
import { Interpreter } from "./interpreter.js";
import { openModelPack } from "./model-pack.js";
import { operators } from "sertao:operators";
${backend === "loops" ? "const native = undefined;" : 'import { espruinoNative as native } from "sertao:native";'}
declare const sertaoHost: { pack: ArrayBuffer[]; print(line: string): void; nowMs(): number };
const interpreter = new Interpreter(openModelPack(sertaoHost.pack), operators, native);
interpreter.prepare();
let now = 0;
const ticking = { nowMs: () => now++, after: () => 0, cancel: () => undefined };
const real = { nowMs: () => sertaoHost.nowMs(), after: () => 0, cancel: () => undefined };
for (let i = 0; i < interpreter.input.length; i++) interpreter.input[i] = 60 - (i % 119);
interpreter.invoke();
let sum = 0;
for (let i = 0; i < interpreter.output.length; i++) sum += interpreter.output[i]! * (i + 1);
const budgets = [0, ${BUDGETS_MS.join()}];
for (let b = 0; b < budgets.length; b++) {
  let steps = 1;
  for (let i = 0; i < interpreter.input.length; i++) interpreter.input[i] = 60 - (i % 119);
  while (!interpreter.step(budgets[b]!, ticking)) steps++;
  let other = 0;
  for (let i = 0; i < interpreter.output.length; i++) other += interpreter.output[i]! * (i + 1);
  sertaoHost.print("@steps " + steps + " " + (other === sum));
}
let longest = 0;
let best = 1e9;
for (let pass = 0; pass < ${PASSES}; pass++) {
  let worst = 0;
  for (let k = 0; k < 2; k++) {
    let done = false;
    while (!done) {
      const start = sertaoHost.nowMs();
      done = interpreter.step(k ? ${REAL_BUDGET_MS} : 0, real);
      const took = sertaoHost.nowMs() - start;
      if (!k && took > longest) longest = took;
      if (k && took > worst) worst = took;
    }
  }
  if (worst < best) best = worst;
}
sertaoHost.print("@took " + longest + " " + best);
sertaoHost.print("@end");
`;
}

async function lines(engine: ScriptEngine, backend: BackendName): Promise<string[]> {
  const file = backend === "tensorflow" ? firmwareNet(2).file : smallConvNet();
  const { pack } = compileModel(file, { rounding: "tflm", backend });
  const code = await entryScript(packKernels(pack), backend, entry(backend));
  const nothing = { inputs: new Uint8Array(1), inputBytes: 1, records: 0, taps: [], dump: -1, repeats: 0 };
  return engine.run({ ...nothing, pack, code });
}

const builds: readonly (readonly [string, ScriptEngine])[] = [
  ...engines.map((engine) => [engine.name, engine] as const),
  ["espruino-field", espruinoBuild("espruino-field")],
];

for (const [name, engine] of builds) {
  describe.skipIf(engine.find() === undefined)(`steps on ${name}`, () => {
    // The last figure is of a real clock, and a busy machine stops an engine in the middle of a row.
    it.each(engine.backends)(
      "end with the first row past their budget, by the %s backend",
      { retry: 3 },
      async (backend) => {
        const printed = await lines(engine, backend);
        const steps = printed.filter((line) => line.startsWith("@steps ")).map((line) => line.split(" "));
        const rows = Number(steps[0]![1]);
        // The firmware's TensorFlow runs a model in one go.
        expect(rows > 1).toBe(backend !== "tensorflow");
        // The clock moves by a millisecond for each look, and is looked at after each row.
        expect(steps.map(([, count]) => Number(count))).toEqual([
          rows,
          ...BUDGETS_MS.map((ms) => Math.ceil(rows / ms)),
        ]);
        expect(steps.map(([, , same]) => same)).toEqual(steps.map(() => "true"));
        const [, longest, best] = printed
          .find((line) => line.startsWith("@took "))!
          .split(" ")
          .map(Number);
        expect(best!).toBeLessThanOrEqual(REAL_BUDGET_MS + longest! + RESOLUTION_MS);
      },
    );
  });
}
