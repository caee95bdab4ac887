import { DeviceError } from "../../lib/core/device-error.js";
import { Interpreter } from "../../lib/nn/interpreter.js";
import { openModelPack, type ModelPack } from "../../lib/nn/model-pack.js";
import type { OpResolver } from "../../lib/nn/op-resolver.js";
import { PackFormat, PackHeader } from "../../lib/nn/pack-format.js";
import { SertaoError } from "../errors/sertao-error.js";
import { compileModel } from "../model/compile.js";
import { hostNative } from "../model/host-native.js";
import { inspectModel } from "../model/inspect.js";
import { kernels } from "../model/kernels.js";
import { packView } from "../model/pack-view.js";
import { readTflite } from "../model/tflite/reader.js";
import { espruinoForms } from "./espruino-forms.js";
import type { ModelCase } from "./model-cases.js";

const loops = Object.values(kernels);
const native = [...(await espruinoForms()), ...loops];

/** How a hostile input was met. */
export interface Judgement {
  /** "works", or the code with which it was refused. */
  readonly outcome: string;
  /** What went wrong: anything but an error with a code. */
  readonly failure?: string;
}

/** Everything that this project does with a model file, up to running it. */
export function judgeModel({ format, bytes, mustBeRefused }: ModelCase): Judgement {
  try {
    if (format === "tflite") readAndCompile(bytes);
    else openAndRun(bytes);
  } catch (error) {
    if (error instanceof SertaoError) return { outcome: error.code };
    if (error instanceof DeviceError) return { outcome: `E${error.code}` };
    return { outcome: "failed", failure: String((error as { stack?: unknown }).stack ?? error) };
  }
  return mustBeRefused ? { outcome: "failed", failure: "it was taken for sound" } : { outcome: "works" };
}

function readAndCompile(bytes: Uint8Array): void {
  inspectModel(readTflite(bytes));
  for (const backend of ["loops", "espruino", "tensorflow"] as const) {
    try {
      const { pack } = compileModel(bytes, { rounding: "tflm", backend });
      if (backend !== "tensorflow") openAndRun(pack);
    } catch (error) {
      // What one backend refuses, another may run.
      if (backend !== "tensorflow" || !(error instanceof SertaoError)) throw error;
    }
  }
}

/** Runs a pack by the loops from one buffer, then by the forms of Espruino from pieces. */
function openAndRun(bytes: Uint8Array): void {
  const whole = openModelPack(new Uint8Array(bytes).buffer);
  for (const index of [-1, 0, whole.field(PackHeader.LABEL_COUNT) - 1]) whole.label(index);
  run(whole, loops);
  packView(whole);
  const pieces: ArrayBuffer[] = [];
  for (let at = 0; at < bytes.length; at += PackFormat.SEGMENT_BYTES) {
    pieces.push(bytes.slice(at, at + PackFormat.SEGMENT_BYTES).buffer as ArrayBuffer);
  }
  run(openModelPack(pieces), native);
}

function run(pack: ModelPack, operators: OpResolver): void {
  const interpreter = new Interpreter(pack, operators, hostNative);
  interpreter.prepare();
  interpreter.input.fill(85);
  interpreter.invoke();
  interpreter.selfTest();
}
