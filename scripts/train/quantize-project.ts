import { join as joinPath } from "node:path";
import { writeTflite } from "../model/tflite/writer.js";
import type { TrainingProject } from "./training-project.js";
import { featureNames, type Dataset } from "./dataset.js";
import { MODEL_FILES, scalingSource } from "./model-files.js";
import { splitForTraining } from "./project-data.js";
import { quantizeMlp } from "./quantize-mlp.js";
import { standardized } from "./scaling.js";
import { readWeights, type TrainedModel } from "./weights.js";

/** The weights that `sertao train` left in a project. */
export function projectWeights({ config, outFolder }: TrainingProject): TrainedModel {
  return readWeights(joinPath(outFolder, MODEL_FILES.weights), featureNames(config), config.labels);
}

/**
 * Quantizes a trained model; the training part of the runs is the representative data set.
 * @returns model.tflite, labels.txt and scaling.ts, by name
 */
export function quantizeProject(
  { config }: TrainingProject,
  model: TrainedModel,
  runs: readonly Dataset[],
): Record<string, string | Uint8Array> {
  const representative = standardized(splitForTraining(config, runs).train, model.scaling);
  return {
    [MODEL_FILES.model]: writeTflite(quantizeMlp(model.network, representative, `Sertao ${model.name}`)),
    [MODEL_FILES.labels]: model.labels.map((label) => `${label}\n`).join(""),
    [MODEL_FILES.scaling]: scalingSource(model),
  };
}
