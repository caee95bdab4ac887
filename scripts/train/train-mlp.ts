import { tooFewExamples } from "../errors/train.js";
import { SeededRandom } from "../readings/seeded-random.js";
import { Adam } from "./adam.js";
import type { TrainingOptions } from "./training-config.js";
import type { Dataset } from "./dataset.js";
import { crossEntropy, Gradient } from "./gradient.js";
import { Mlp, toProbabilities } from "./mlp.js";

/** One epoch: mean cross-entropy per example, in nats. */
export interface Epoch {
  readonly trainLoss: number;
  readonly validationLoss: number;
}

export interface TrainedMlp {
  /** As it was in its best epoch. */
  readonly network: Mlp;
  readonly history: readonly Epoch[];
  /** Index into `history`. */
  readonly bestEpoch: number;
}

/**
 * Trains on standardized features by mini-batches with Adam and a cosine-shaped learning rate, and keeps the network of
 * the epoch with the least validation loss. The same data and options give the same network.
 * @param outputs 1 for a yes/no model, else the number of classes
 * @param onEpoch hears of each epoch when it is done
 */
export function trainMlp(
  train: Dataset,
  validation: Dataset,
  outputs: number,
  options: TrainingOptions,
  onEpoch: (done: number, epoch: Epoch) => void = () => undefined,
): TrainedMlp {
  const classes = Math.max(2, outputs);
  const classWeights = weightsOfClasses(train, classes, options);
  if (validation.rows === 0) throw tooFewExamples("There are no examples for validation");
  const random = new SeededRandom(options.seed);
  const network = Mlp.random([train.featureCount, ...options.hidden, outputs], random);
  const gradient = new Gradient(network);
  const adam = new Adam(
    network.layers.flatMap((layer) => [layer.weights, layer.bias]),
    network.layers.flatMap(() => [options.weightDecay, 0]),
  );
  const order = Uint32Array.from({ length: train.rows }, (_, i) => i);
  const history: Epoch[] = [];
  let best = network.clone();
  let bestEpoch = 0;
  for (let epoch = 0; epoch < options.epochs && epoch - bestEpoch <= options.patience; epoch++) {
    shuffle(order, random);
    const rate = (options.learningRate * (1 + Math.cos((Math.PI * epoch) / options.epochs))) / 2;
    let loss = 0;
    for (let start = 0; start < train.rows; start += options.batchSize) {
      const end = Math.min(train.rows, start + options.batchSize);
      gradient.clear();
      for (let i = start; i < end; i++) {
        const row = order[i]!;
        const label = train.labels[row]!;
        loss += gradient.add(train.features, row * train.featureCount, label, classWeights[label]!);
      }
      adam.step(gradient.parts, 1 / (end - start), rate);
    }
    history.push({ trainLoss: loss / train.rows, validationLoss: meanLoss(network, validation, classWeights) });
    if (epoch === 0 || history[epoch]!.validationLoss < history[bestEpoch]!.validationLoss) {
      bestEpoch = epoch;
      best = network.clone();
    }
    onEpoch(epoch + 1, history[epoch]!);
  }
  return { network: best, history, bestEpoch };
}

function meanLoss(network: Mlp, data: Dataset, classWeights: readonly number[]): number {
  let loss = 0;
  for (let row = 0; row < data.rows; row++) {
    const logits = network.forward(data.features, row * data.featureCount);
    toProbabilities(logits);
    loss += classWeights[data.labels[row]!]! * crossEntropy(logits, data.labels[row]!);
  }
  return loss / data.rows;
}

function weightsOfClasses(train: Dataset, classes: number, options: TrainingOptions): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of train.labels) counts[label] = counts[label]! + 1;
  const missing = counts.indexOf(0);
  if (missing >= 0) throw tooFewExamples(`The training part has no example of class ${missing}`);
  if (options.classWeights === "none") return counts.map(() => 1);
  if (options.classWeights === "balanced") return counts.map((count) => train.rows / (classes * count));
  return [...options.classWeights];
}

/** Fisher and Yates. */
function shuffle(order: Uint32Array, random: SeededRandom): void {
  for (let i = order.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    const kept = order[i]!;
    order[i] = order[other]!;
    order[other] = kept;
  }
}
