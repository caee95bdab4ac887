import type { Command } from "commander";
import { tapsNeedModel } from "../../errors/model.js";
import { textTable } from "../../fleet/show/text-table.js";
import { readBytes, readModelFile } from "../../model/model-file.js";
import { layerRun } from "../../model/layers/layer-run.js";
import { writeDump } from "../../model/layers/write-dump.js";
import { recordOf, runChoice } from "./model-run-options.js";

interface Options {
  input: string;
  output: string;
  engine: string;
  backend: string;
  rounding?: string;
  record: string;
  json?: boolean;
}

/** `sertao model dump`: every operator's output for one record, as files with an index. */
export function modelDumpCommand(model: Command): void {
  model
    .command("dump")
    .description("write every operator's output for one record, with an index")
    .argument("<file>", "a .tflite file")
    .requiredOption("--input <file>", "raw little-endian input tensors, one after another")
    .requiredOption("-o, --output <folder>", "where to write the tensors and index.json")
    .option("--record <number>", "which record of the input, counted from 0", "0")
    .option("--engine <name>", "node, quickjs, espruino, jerry, mqjs or duk", "node")
    .option("--backend <name>", "loops or espruino", "loops")
    .option("--rounding <name>", "tflm (the default) or xnnpack")
    .option("--json", "print the index")
    .action(async (path: string, options: Options) => {
      const file = readModelFile(path);
      if (file.kind === "smod") throw tapsNeedModel();
      const run = layerRun(file, runChoice(options.engine, options.backend, options.rounding));
      const { record, input } = recordOf(readBytes(options.input), run.inputBytes, options.record);
      const { engine, backend, rounding, layers } = run;
      const [outputs = []] = await run.run(input);
      const index = writeDump(options.output, { model: path, engine, backend, rounding, record }, layers, outputs);
      if (options.json) return console.log(JSON.stringify(index));
      const rows = index.layers.map(({ node, operator, shape, type, bytes, crc32, file: name }) => [
        node,
        operator,
        `${type}[${shape.join("×")}]`,
        bytes,
        crc32,
        name,
      ]);
      console.log(textTable(["#", "operator", "output", "bytes", "CRC-32", "file"], rows));
      console.log(`record ${record} on ${engine}, ${backend} backend, ${rounding} rounding → ${options.output}`);
    });
}
