import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { BackendName } from "../../../boards/board.js";
import { engineNamed } from "../../engine/engines.js";
import { runModel } from "../../engine/run-model.js";
import { engineUnknown } from "../../errors/engine.js";
import { roundingUnknown, tapsNeedModel } from "../../errors/model.js";
import { compileModel } from "../../model/compile.js";
import { readBytes, readModelFile, writeBytes, type ModelFile } from "../../model/model-file.js";
import { packView } from "../../model/pack-view.js";
import { planNamed } from "../../model/plan.js";
import { roundingNamed } from "../../model/rounding.js";
import { operatorTaps, type Tap } from "../../model/taps.js";

interface Options {
  input: string;
  output: string;
  engine: string;
  backend: string;
  rounding?: string;
  plan?: string;
  dump?: string;
  bench?: string;
  json?: boolean;
}

const BACKENDS: readonly BackendName[] = ["loops", "espruino"];

/** `sertao model run`: records through a model, on any engine of this machine. */
export function modelRunCommand(model: Command): void {
  model
    .command("run")
    .description("run records through a model on an engine")
    .argument("<file>", "a .tflite or .smod file")
    .requiredOption("--input <file>", "raw little-endian input tensors, one after another")
    .requiredOption("--output <file>", "where to write the output tensors, the same way")
    .option("--engine <name>", "node, quickjs, espruino, jerry, mqjs or duk", "node")
    .option("--backend <name>", "loops or espruino", "loops")
    .option("--rounding <name>", "tflm (the default) or xnnpack; a pack has its own")
    .option("--plan <name>", "fast (the default) or lean, for the espruino backend; a pack has its own")
    .option("--dump <folder>", "write every operator's output for the first record")
    .option("--bench <runs>", "time this many runs of the first record")
    .option("--json", "print JSON")
    .action(async (path: string, options: Options) => {
      const engine = engineNamed(options.engine);
      const backend = BACKENDS.find((name) => name === options.backend);
      if (backend === undefined) throw engineUnknown(options.backend, BACKENDS.join(", "));
      const { pack, taps } = prepare(readModelFile(path), options, backend);
      const inputs = readBytes(options.input);
      const wanted = options.dump === undefined ? [] : taps;
      const run = await runModel(engine, pack, inputs, {
        backend,
        taps: wanted.flatMap(({ operator, offset, bytes }) => [operator, offset, bytes]),
        dump: 0,
        repeats: Math.max(0, Number(options.bench ?? 0) | 0),
      });
      writeBytes(options.output, run.outputs);
      if (options.dump !== undefined) writeDump(options.dump, wanted, run.dumped);
      const times = [...run.times].sort((a, b) => a - b);
      const summary = {
        records: run.crcs.length,
        engine: engine.name,
        backend,
        ...(times.length > 0 && { medianMs: times[times.length >> 1], leastMs: times[0], greatestMs: times.at(-1) }),
      };
      if (options.json) return console.log(JSON.stringify(summary));
      console.log(`${summary.records} records on ${engine.name}, ${backend} backend → ${options.output}`);
      if (times.length > 0) {
        console.log(
          `${summary.medianMs!.toFixed(2)} ms per inference (${times[0]!.toFixed(2)}–${times.at(-1)!.toFixed(2)})`,
        );
      }
    });
}

function prepare(file: ModelFile, options: Options, backend: BackendName): { pack: Uint8Array; taps: readonly Tap[] } {
  if (file.kind === "tflite") {
    const plan = planNamed(options.plan ?? "fast");
    const compiled = compileModel(file.bytes, { rounding: roundingNamed(options.rounding ?? "tflm"), backend, plan });
    return { pack: compiled.pack, taps: operatorTaps(compiled.report) };
  }
  const { rounding } = packView(file.pack, file.bytes);
  if (options.rounding !== undefined && roundingNamed(options.rounding) !== rounding) {
    throw roundingUnknown(`The pack was compiled with the ${rounding} rounding`);
  }
  if (options.dump !== undefined) throw tapsNeedModel();
  return { pack: file.bytes, taps: [] };
}

function writeDump(folder: string, taps: readonly Tap[], dumped: readonly Uint8Array[]): void {
  mkdirSync(folder, { recursive: true });
  taps.forEach(({ node, tensor }, i) => writeBytes(join(folder, `${node}-t${tensor}.bin`), dumped[i]!));
}
