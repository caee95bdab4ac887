import type { Command } from "commander";
import { MODEL_FILES, writeFiles } from "../../train/model-files.js";
import { loadDatasets } from "../../train/project-data.js";
import { projectWeights, quantizeProject } from "../../train/quantize-project.js";
import { addTrainingDataOptions, projectOf, type TrainingDataOptions } from "../../train/training-options.js";

/** `sertao quantize`: weights.json → model.tflite, labels.txt, scaling.ts. */
export function quantizeCommand(program: Command): void {
  const command = program
    .command("quantize")
    .description("make the int8 model of a trained network; its training data are the representative data set")
    .argument("<target>", "a training.json, a folder with one, or an application's name");
  addTrainingDataOptions(command).action(async (target: string, options: TrainingDataOptions) => {
    const project = projectOf(target, options);
    const model = projectWeights(project);
    const runs = await loadDatasets(project, "train", options.csv ?? []);
    const files = quantizeProject(project, model, runs);
    const written = writeFiles(project.outFolder, files);
    const modelBytes = files[MODEL_FILES.model]!.length;
    if (options.json) console.log(JSON.stringify({ written, modelBytes }));
    else {
      for (const path of written) console.log(`wrote ${path}`);
      console.log(`${modelBytes} bytes of int8 model; next: sertao evaluate ${target}`);
    }
  });
}
