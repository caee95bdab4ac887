import type { Command } from "commander";
import type { BackendName } from "../../../boards/board.js";
import { engineNamed } from "../../engine/engines.js";
import { runModel } from "../../engine/run-model.js";
import { tapsNeedModel } from "../../errors/model.js";
import { backendNamed } from "../../model/backends.js";
import { compileModel } from "../../model/compile.js";
import { checkRounding } from "../../model/layers/layer-run.js";
import { layerOf, type Layer } from "../../model/layers/layer.js";
import { writeDump } from "../../model/layers/write-dump.js";
import { readBytes, readModelFile, writeBytes, type ModelFile } from "../../model/model-file.js";
import { packView } from "../../model/pack-view.js";
import { planNamed } from "../../model/plan.js";
import { roundingNamed, type Rounding } from "../../model/rounding.js";
import { operatorTaps, type Tap } from "../../model/taps.js";
import { readTflite } from "../../model/tflite/reader.js";

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

/** `sertao model run`: records through a model, on any engine of this machine. */
export function modelRunCommand(model: Command): void {
  model
    .command("run")
    .description("run records through a model on an engine")
    .argument("<file>", "a .tflite or .smod file")
    .requiredOption("--input <file>", "raw little-endian input tensors, one after another")
    .requiredOption("--output <file>", "where to write the output tensors, the same way")
    .option("--engine <name>", "node, quickjs, espruino, jerry, mqjs or duk", "node")
    .option("--backend <name>", "loops, espruino or tensorflow", "loops")
    .option("--rounding <name>", "tflm (the default) or xnnpack; a pack has its own")
    .option("--plan <name>", "fast (the default) or lean, for the espruino backend; a pack has its own")
    .option("--dump <folder>", "write every operator's output for the first record")
    .option("--bench <runs>", "time this many runs of the first record")
    .option("--json", "print JSON")
    .action(async (path: string, options: Options) => {
      const engine = engineNamed(options.engine);
      const backend = backendNamed(options.backend);
      const { pack, rounding, taps, layers } = prepare(readModelFile(path), options, backend);
      const inputs = readBytes(options.input);
      const wanted = options.dump === undefined ? [] : taps;
      const run = await runModel(engine, pack, inputs, {
        backend,
        taps: wanted.flatMap(({ operator, offset, bytes }) => [operator, offset, bytes]),
        dump: 0,
        repeats: Math.max(0, Number(options.bench ?? 0) | 0),
      });
      writeBytes(options.output, run.outputs);
      if (options.dump !== undefined) {
        writeDump(options.dump, { model: path, engine: engine.name, backend, rounding, record: 0 }, layers, run.dumped);
      }
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

interface Prepared {
  readonly pack: Uint8Array;
  readonly rounding: Rounding;
  readonly taps: readonly Tap[];
  readonly layers: readonly Layer[];
}

function prepare(file: ModelFile, options: Options, backend: BackendName): Prepared {
  if (file.kind === "tflite") {
    const rounding = roundingNamed(options.rounding ?? "tflm");
    const plan = planNamed(options.plan ?? "fast");
    const { pack, report } = compileModel(file.bytes, { rounding, backend, plan });
    const taps = operatorTaps(report);
    const model = readTflite(file.bytes);
    return { pack, rounding, taps, layers: taps.map(({ node, tensor }) => layerOf(model, node, tensor)) };
  }
  const rounding = roundingNamed(packView(file.pack).rounding);
  checkRounding(rounding, options.rounding);
  if (options.dump !== undefined) throw tapsNeedModel();
  return { pack: file.bytes, rounding, taps: [], layers: [] };
}
