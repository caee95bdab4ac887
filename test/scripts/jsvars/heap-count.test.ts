import { createContext, Script } from "node:vm";
import { describe, expect, it } from "vitest";
import { modelScript } from "../../../scripts/engine/model-script.js";
import { countHeap } from "../../../scripts/jsvars/heap-count.js";
import { HeapRecorder } from "../../../scripts/jsvars/heap-recorder.js";
import { instrument } from "../../../scripts/jsvars/instrument.js";
import { jsVarLayout } from "../../../scripts/jsvars/jsvar-layout.js";
import { hostFor } from "../../../scripts/engine/in-process-host.js";
import { compileModel } from "../../../scripts/model/compile.js";
import { hostNative } from "../../../scripts/model/host-native.js";
import { crc32 } from "../../../lib/core/crc32.js";
import type { NativePrimitives } from "../../../lib/hal/native-primitives.js";
import { smallConvNet } from "../../support/small-models.js";
import { STATEMENTS } from "./statements.js";

const layout = jsVarLayout({ count: 16383, bytesEach: 14 });

/** JsVars that a statement leaves behind in a script with the variables `a` and `b`. */
function left(statement: string): number {
  const recorder = new HeapRecorder();
  const counts: number[] = [];
  const sertaoLook = (): void => {
    const { buffers, views, structures } = countHeap(recorder, layout, new Set(), []);
    counts.push(views + structures + [...buffers.values()].reduce((sum, vars) => sum + vars, 0));
  };
  const script = `!function(){var a,b;sertaoLook();${statement};sertaoLook()}();`;
  new Script(instrument(script)).runInContext(createContext({ sertaoHeap: recorder, sertaoLook }));
  return counts[1]! - counts[0]!;
}

describe("what is left in memory", () => {
  // The engine is asked the same: test/engines/jsvars.test.ts.
  it.each(STATEMENTS)("%s: %i", (statement, vars) => {
    expect(left(statement)).toBe(vars);
  });
});

describe("an instrumented script", () => {
  it.each(["loops", "espruino"] as const)("does what it did, with the operators of the %s backend", async (backend) => {
    const { pack, report } = compileModel(smallConvNet(), { rounding: "tflm", backend });
    const { code } = { code: await modelScript(report.kernels, backend) };
    const run = (script: string): string[] => {
      const lines: string[] = [];
      const host = hostFor(
        {
          code: script,
          pack,
          inputs: Uint8Array.from({ length: 192 }, (_, i) => (i * 37) & 255),
          inputBytes: 192,
          records: 1,
          taps: [],
          dump: -1,
          repeats: 0,
        },
        (line) => void lines.push(line),
      );
      const globals = { sertaoHost: host, sertaoHeap: new HeapRecorder(), ...engineOf(hostNative) };
      new Script(script).runInContext(createContext(globals));
      return lines;
    };
    const lines = run(code);
    expect(lines[0]).toMatch(/^@out [0-9a-f]{8}$/);
    expect(run(instrument(code))).toEqual(lines);
  });
});

/** The engine's objects that the native operators are made from. */
function engineOf({ convolve, mapInPlace, affine }: NativePrimitives): object {
  return {
    E: { convolve, mapInPlace, CRC32: crc32, getAddressOf: () => 1 },
    Graphics: { createArrayBuffer: () => ({ transformVertices: affine }) },
  };
}
