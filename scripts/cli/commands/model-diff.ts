import type { Command } from "commander";
import { compareRuns } from "../../model/layers/compare-runs.js";
import { comparisonJson, comparisonText } from "../../model/layers/comparison-text.js";
import { layerRun } from "../../model/layers/layer-run.js";
import { sameStructure } from "../../model/layers/same-structure.js";
import { readBytes, readModelFile } from "../../model/model-file.js";
import { Progress } from "../progress.js";
import { recordCount, runChoice } from "./model-run-options.js";

interface Options {
  input: string;
  engineA: string;
  engineB: string;
  backendA: string;
  backendB: string;
  roundingA?: string;
  roundingB?: string;
  json?: boolean;
}

/** Exit status where the models part. */
const PARTED = 1;

/** `sertao model diff`: where two models, engines, backends or roundings part. */
export function modelDiffCommand(model: Command): void {
  model
    .command("diff")
    .description("find the first layer and element where two models or two ways to run one part")
    .argument("<a>", "a .tflite or .smod file")
    .argument("<b>", "another, or the same file")
    .requiredOption("--input <file>", "raw little-endian input tensors, one after another")
    .option("--engine-a <name>", "node, quickjs, espruino, jerry, mqjs or duk", "node")
    .option("--engine-b <name>", "the same for the second", "node")
    .option("--backend-a <name>", "loops or espruino", "loops")
    .option("--backend-b <name>", "the same for the second", "loops")
    .option("--rounding-a <name>", "tflm (the default) or xnnpack; a pack has its own")
    .option("--rounding-b <name>", "the same for the second")
    .option("--json", "print JSON")
    .addHelpText("after", "\nEnds with status 0 where every element is equal, with 1 where one is not.")
    .action(async (pathA: string, pathB: string, options: Options) => {
      const a = layerRun(readModelFile(pathA), runChoice(options.engineA, options.backendA, options.roundingA));
      const b = layerRun(readModelFile(pathB), runChoice(options.engineB, options.backendB, options.roundingB));
      const layers = sameStructure(a, b);
      const inputs = readBytes(options.input);
      const progress = new Progress("records", recordCount(inputs, a.inputBytes));
      const comparison = await compareRuns(a, b, layers, inputs, (records) => progress.update(records));
      progress.stop();
      const show = (): string => comparisonText(a, b, layers, comparison);
      console.log(options.json ? JSON.stringify(comparisonJson(a, b, layers, comparison)) : show());
      if (comparison.first !== undefined) process.exitCode = PARTED;
    });
}
