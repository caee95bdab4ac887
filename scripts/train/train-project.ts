import type { TrainingProject } from "./training-project.js";
import { featureNames, type Dataset } from "./dataset.js";
import { bestThreshold, sweep } from "./metrics.js";
import { toProbabilities, type Mlp } from "./mlp.js";
import { splitForTraining } from "./project-data.js";
import { measureScaling, standardized } from "./scaling.js";
import { trainMlp, type Epoch } from "./train-mlp.js";
import type { TrainedModel } from "./weights.js";

const THRESHOLD_DIGITS = 256;

/** Trains a project's model on its runs (`trainedOn` in words) and chooses the decision threshold on the validation part. */
export function trainProject(
  { config }: TrainingProject,
  runs: readonly Dataset[],
  trainedOn: string,
  onEpoch?: (done: number, epoch: Epoch) => void,
): TrainedModel {
  const split = splitForTraining(config, runs);
  const scaling = measureScaling(split.train);
  const train = standardized(split.train, scaling);
  const validation = standardized(split.validation, scaling);
  const { network, history, bestEpoch } = trainMlp(train, validation, config.labels.length, config.training, onEpoch);
  return {
    name: config.name,
    features: featureNames(config),
    labels: config.labels,
    trainedOn,
    scaling,
    threshold: config.labels.length === 1 ? chooseThreshold(network, validation, config.training.thresholdBeta) : 0.5,
    history: history.map(({ trainLoss, validationLoss }) => ({
      trainLoss: Number(trainLoss.toPrecision(6)),
      validationLoss: Number(validationLoss.toPrecision(6)),
    })),
    bestEpoch,
    network,
  };
}

/** The best F-beta on the validation part, on a step that the int8 output can take. */
function chooseThreshold(network: Mlp, validation: Dataset, beta: number): number {
  const scores = new Float32Array(validation.rows);
  for (let row = 0; row < validation.rows; row++) {
    const logits = network.forward(validation.features, row * validation.featureCount);
    toProbabilities(logits);
    scores[row] = Math.round(logits[0]! * THRESHOLD_DIGITS) / THRESHOLD_DIGITS;
  }
  const best = bestThreshold(sweep(scores, validation.labels), beta);
  return Math.min(1, Math.max(1 / THRESHOLD_DIGITS, best));
}
