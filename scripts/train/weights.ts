import { existsSync, readFileSync } from "node:fs";
import { weightsInvalid, weightsMissing } from "../errors/train.js";
import { Mlp, type DenseLayer } from "./mlp.js";
import type { Scaling } from "./scaling.js";
import type { Epoch } from "./train-mlp.js";

/** A float model with all that its quantization and its judgement need. */
export interface TrainedModel {
  readonly name: string;
  readonly features: readonly string[];
  readonly labels: readonly string[];
  /** The training data, in words. */
  readonly trainedOn: string;
  readonly scaling: Scaling;
  /** Score from which a yes/no model says yes; chosen on the validation part. */
  readonly threshold: number;
  readonly history: readonly Epoch[];
  readonly bestEpoch: number;
  readonly network: Mlp;
}

const FORMAT = 1;

/** weights.json of a model: numbers with nine digits, which is all that a float32 holds. */
export function formatWeights(model: TrainedModel): string {
  const { network, ...rest } = model;
  const short = (values: Float32Array): number[] => Array.from(values, (value) => Number(value.toPrecision(9)));
  const layers = network.layers.map(({ inputs, outputs, weights, bias }) => ({
    inputs,
    outputs,
    weights: short(weights),
    bias: short(bias),
  }));
  const fields = Object.entries({ format: FORMAT, ...rest }).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  const layerLines = layers.map((layer) => `    ${JSON.stringify(layer)}`).join(",\n");
  return `{\n${fields.join(",\n")},\n  "layers": [\n${layerLines}\n  ]\n}\n`;
}

/** Reads what `formatWeights` wrote; `path` must exist and fit the configuration's features and labels. */
export function readWeights(path: string, features: readonly string[], labels: readonly string[]): TrainedModel {
  if (!existsSync(path)) throw weightsMissing(path);
  let json: ReturnType<typeof parse>;
  try {
    json = parse(readFileSync(path, "utf8"));
  } catch {
    throw weightsInvalid(path, "it is not the JSON that sertao train writes");
  }
  if (json.features.join() !== features.join() || json.labels.join() !== labels.join()) {
    throw weightsInvalid(path, "its features or labels are not those of training.json");
  }
  return json;
}

function parse(text: string): TrainedModel {
  const json = JSON.parse(text) as Omit<TrainedModel, "network"> & { format: number; layers: PlainLayer[] };
  const { format, layers, ...rest } = json;
  if (format !== FORMAT || layers.length === 0) throw new Error("format");
  const sizes = [rest.features.length, ...layers.map((layer) => layer.outputs)];
  const dense = layers.map(({ inputs, outputs, weights, bias }, index): DenseLayer => {
    if (inputs !== sizes[index] || weights.length !== inputs * outputs || bias.length !== outputs) {
      throw new Error("sizes");
    }
    return { inputs, outputs, weights: Float32Array.from(weights), bias: Float32Array.from(bias) };
  });
  const { mean, inverseDeviation } = rest.scaling;
  if (mean.length !== sizes[0] || inverseDeviation.length !== sizes[0]) throw new Error("scaling");
  if (sizes.at(-1) !== rest.labels.length || typeof rest.threshold !== "number") throw new Error("labels");
  return { ...rest, network: new Mlp(dense) };
}

interface PlainLayer {
  inputs: number;
  outputs: number;
  weights: number[];
  bias: number[];
}
