import { trainingConfigInvalid } from "../errors/train.js";
import { generators } from "../readings/generators.js";
import { DEFAULT_TRAINING, type TrainingConfig, type TrainingOptions } from "./training-config.js";

type Fields = Record<string, unknown>;

/** Raises the problem where its condition does not hold. */
type Demand = (holds: boolean, problem: string) => void;

/**
 * Checks what a training.json holds and fills in the defaults.
 * @throws SertaoError TRAINING_CONFIG_INVALID, with the first wrong field
 */
export function checkTrainingConfig(json: unknown, path: string): TrainingConfig {
  const demand: Demand = (holds, problem) => {
    if (!holds) throw trainingConfigInvalid(path, problem);
  };
  if (!isObject(json)) throw trainingConfigInvalid(path, "it is not an object");
  const { name, channels, labels, source, features, training = {}, out = "model" } = json;
  demand(isText(name), "`name` is not a text");
  demand(isTexts(channels), "`channels` is not a list of names");
  demand(isTexts(labels), "`labels` is not a list of names");
  if (!isText(out)) throw trainingConfigInvalid(path, "`out` is not a path");
  if (!isObject(source)) throw trainingConfigInvalid(path, "`source` is missing");
  if (source["kind"] === "generator") checkGenerator(source, demand);
  else checkRecording(source, demand);
  if (features !== undefined) {
    if (!isObject(features)) throw trainingConfigInvalid(path, "`features` is not an object");
    checkFeatures(features, demand);
  }
  if (!isObject(training)) throw trainingConfigInvalid(path, "`training` is not an object");
  const options = checkOptions(training, Math.max(2, (labels as string[]).length), demand);
  return { ...(json as unknown as TrainingConfig), out, training: options };
}

function checkGenerator(source: Fields, demand: Demand): void {
  const known = Object.keys(generators);
  demand(known.includes(String(source["generator"])), `\`source.generator\` is none of ${known.join(", ")}`);
  demand(isText(source["start"]) && !Number.isNaN(Date.parse(source["start"])), "`source.start` is not a date");
  for (const name of ["days", "periodSec"]) demand(isPositive(source[name]), `\`source.${name}\` is not above 0`);
  demand(typeof source["horizonSec"] === "number" && source["horizonSec"] >= 0, "`source.horizonSec` is missing");
  for (const name of ["trainSeeds", "testSeeds"]) {
    demand(isCounts(source[name]) && (source[name] as []).length > 0, `\`source.${name}\` is not a list of seeds`);
  }
}

function checkRecording(source: Fields, demand: Demand): void {
  const { kind, label, map, horizonRows = 0 } = source;
  demand(kind === "csv", '`source.kind` is neither "generator" nor "csv"');
  demand(isText(label), "`source.label` is not the name of a column");
  demand(map === undefined || (isObject(map) && Object.values(map).every(isText)), "`source.map` has no columns");
  demand(horizonRows === 0 || isCount(horizonRows), "`source.horizonRows` is not a count");
}

function checkFeatures(features: Fields, demand: Demand): void {
  for (const name of ["module", "function"]) demand(isText(features[name]), `\`features.${name}\` is missing`);
  demand(isCount(features["windowSamples"]), "`features.windowSamples` is not a count");
  demand(isTexts(features["names"]), "`features.names` is not a list of names");
}

function checkOptions(training: Fields, classes: number, demand: Demand): TrainingOptions {
  const unknownOption = Object.keys(training).find((name) => !Object.hasOwn(DEFAULT_TRAINING, name));
  demand(unknownOption === undefined, `\`training.${unknownOption}\` is unknown`);
  const options = { ...DEFAULT_TRAINING, ...training } as TrainingOptions;
  const { hidden, weightDecay, validationFraction, classWeights } = options;
  demand(isCounts(hidden), "`training.hidden` is not a list of sizes");
  for (const name of ["seed", "epochs", "batchSize", "patience"] as const) {
    demand(isCount(options[name]), `\`training.${name}\` is not a count`);
  }
  for (const name of ["learningRate", "thresholdBeta"] as const) {
    demand(isPositive(options[name]), `\`training.${name}\` is not above 0`);
  }
  demand(weightDecay === 0 || isPositive(weightDecay), "`training.weightDecay` is below 0");
  demand(validationFraction > 0 && validationFraction < 0.9, "`training.validationFraction` is not between 0 and 0.9");
  const given = Array.isArray(classWeights) && classWeights.length === classes && classWeights.every(isPositive);
  demand(
    classWeights === "none" || classWeights === "balanced" || given,
    `\`training.classWeights\` is not "none", "balanced" or ${classes} numbers`,
  );
  return options;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

function isCounts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isCount);
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}
