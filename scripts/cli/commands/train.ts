import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { usage } from "../../errors/usage.js";
import type { TrainingProject } from "../../train/training-project.js";
import type { TrainingConfig } from "../../train/training-config.js";
import { MODEL_FILES, writeFiles } from "../../train/model-files.js";
import { loadDatasets } from "../../train/project-data.js";
import { describeData } from "../../train/sample-run.js";
import { trainProject } from "../../train/train-project.js";
import { addTrainingDataOptions, projectOf, type TrainingDataOptions } from "../../train/training-options.js";
import { formatWeights } from "../../train/weights.js";
import { Progress } from "../progress.js";

interface TrainOptions extends TrainingDataOptions {
  readonly seed?: string;
  readonly epochs?: string;
}

/** `sertao train`: recorded or generated readings → weights.json. */
export function trainCommand(program: Command): void {
  const command = program
    .command("train")
    .description("train a small neural network on recorded readings, or on a generator's")
    .argument("[target]", "a training.json, a folder with one, or an application's name");
  addTrainingDataOptions(command)
    .option("--seed <n>", "seed of the first weights and of the order of examples")
    .option("--epochs <n>", "greatest number of passes over the data")
    .action(async (target: string | undefined, options: TrainOptions) => {
      const project = withOptions(projectOf(target, options), options);
      const runs = await loadDatasets(project, "train", options.csv ?? []);
      const progress = new Progress("training", project.config.training.epochs);
      const startedMs = Date.now();
      const trainedOn = describeData(project.config, "train", options.csv ?? []);
      const model = trainProject(project, runs, trainedOn, (done) => progress.update(done));
      progress.stop();
      const [path] = writeFiles(project.outFolder, { [MODEL_FILES.weights]: formatWeights(model) });
      keepConfig(project);
      const { trainLoss, validationLoss } = model.history[model.bestEpoch]!;
      const summary = {
        weights: path,
        rows: runs.reduce((sum, run) => sum + run.rows, 0),
        epochs: model.history.length,
        bestEpoch: model.bestEpoch + 1,
        trainLoss,
        validationLoss,
        threshold: model.threshold,
        seconds: Number(((Date.now() - startedMs) / 1000).toFixed(1)),
      };
      if (options.json) console.log(JSON.stringify(summary));
      else {
        console.log(`${summary.rows} rows, ${summary.epochs} epochs in ${summary.seconds} s`);
        console.log(`best epoch ${summary.bestEpoch}: loss ${trainLoss} in training, ${validationLoss} in validation`);
        console.log(`wrote ${path}; next: sertao quantize ${target ?? project.folder}`);
      }
    });
}

function withOptions(project: TrainingProject, { seed, epochs }: TrainOptions): TrainingProject {
  const training = { ...project.config.training };
  const config: TrainingConfig = {
    ...project.config,
    training: {
      ...training,
      seed: seed === undefined ? training.seed : wholeNumber("--seed", seed),
      epochs: epochs === undefined ? training.epochs : wholeNumber("--epochs", epochs),
    },
  };
  return { ...project, config };
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw usage(`${option} takes a whole number above 0, not "${text}".`);
  return Number(text);
}

/** A recording without a configuration gets one, so that quantize and evaluate find it. */
function keepConfig({ config, folder }: TrainingProject): void {
  if (existsSync(join(folder, "training.json"))) return;
  writeFiles(folder, { "training.json": `${JSON.stringify(config, undefined, 2)}\n` });
}
