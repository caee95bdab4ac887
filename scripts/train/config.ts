import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { trainingConfigInvalid, trainingConfigMissing } from "../errors/train.js";
import { generators } from "../readings/generators.js";

/** Readings from a physical model: fresh seeds are the test set. */
export interface GeneratorSource {
  readonly kind: "generator";
  readonly generator: string;
  /** ISO 8601, first reading. */
  readonly start: string;
  readonly days: number;
  readonly trainSeeds: readonly number[];
  readonly testSeeds: readonly number[];
  readonly periodSec: number;
  /** How far ahead the label looks. */
  readonly horizonSec: number;
}

/** Recordings given on the command line. */
export interface CsvSource {
  readonly kind: "csv";
  /** Column with the class: its name, its index, or 0 and 1 where there is but one label. */
  readonly label: string;
  /** Column of each channel that is not named like it. */
  readonly map?: Readonly<Record<string, string>>;
  /** Rows that the label looks ahead; the validation part begins that much later. */
  readonly horizonRows?: number;
}

/** Device code that turns a window of samples into features. */
export interface FeatureCode {
  /** Path from training.json. */
  readonly module: string;
  /** Exported `(window: SampleWindow, out: Float32Array) => boolean`. */
  readonly function: string;
  readonly windowSamples: number;
  readonly names: readonly string[];
}

export interface TrainingOptions {
  readonly hidden: readonly number[];
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** L2 penalty on weights. */
  readonly weightDecay: number;
  /** Weight of each class in the loss: as given, or such that all classes count the same. */
  readonly classWeights: "none" | "balanced" | readonly number[];
  /** Last part of the runs in their order, kept from training. */
  readonly validationFraction: number;
  /** How many times recall counts as much as precision where the threshold of a yes/no model is chosen. */
  readonly thresholdBeta: number;
  /** Epochs without a better validation loss before it stops. */
  readonly patience: number;
}

export interface TrainingConfig {
  readonly name: string;
  readonly source: GeneratorSource | CsvSource;
  readonly channels: readonly string[];
  /** Without it the features are the channels of the newest sample. */
  readonly features?: FeatureCode;
  /** One label: a yes/no model with a logistic output. Two or more: classes with a softmax output. */
  readonly labels: readonly string[];
  readonly training: TrainingOptions;
  /** Folder for what is made, from training.json. */
  readonly out: string;
}

/** A configuration and where it lives. */
export interface TrainingProject {
  readonly config: TrainingConfig;
  /** Folder of training.json: paths in it start here. */
  readonly folder: string;
  /** Absolute folder for weights, model and report. */
  readonly outFolder: string;
}

export const DEFAULT_TRAINING: TrainingOptions = {
  hidden: [16, 8],
  seed: 1,
  epochs: 60,
  batchSize: 64,
  learningRate: 0.003,
  weightDecay: 0.0001,
  classWeights: "none",
  validationFraction: 0.2,
  thresholdBeta: 1,
  patience: 10,
};

/** Finds and checks a configuration: a JSON file, a folder with training.json, or the name of an application. */
export function loadTrainingProject(target: string): TrainingProject {
  const path = [target, join(target, "training.json"), join(applicationsFolder(), target, "training.json")].find(
    (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
  );
  if (path === undefined) throw trainingConfigMissing(target);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw trainingConfigInvalid(path, "it is not JSON");
  }
  return makeTrainingProject(json, path);
}

/** Checks a configuration; `path` is where it is or will be. */
export function makeTrainingProject(json: unknown, path: string): TrainingProject {
  const config = checkConfig(json, path);
  const folder = dirname(resolve(path));
  return { config, folder, outFolder: resolve(folder, config.out) };
}

function applicationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, "firmware", "apps");
}

function checkConfig(json: unknown, path: string): TrainingConfig {
  const demand = (holds: boolean, problem: string): void => {
    if (!holds) throw trainingConfigInvalid(path, problem);
  };
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
  const isTexts = (value: unknown): value is string[] =>
    Array.isArray(value) && value.length > 0 && value.every(isText);
  const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0;
  const isCounts = (value: unknown): boolean => Array.isArray(value) && value.every(isCount);
  const isPositive = (value: unknown): boolean => typeof value === "number" && value > 0 && Number.isFinite(value);

  demand(isObject(json), "it is not an object");
  const given = json as Record<string, unknown>;
  demand(isText(given["name"]), "`name` is not a text");
  demand(isTexts(given["channels"]), "`channels` is not a list of names");
  demand(isTexts(given["labels"]), "`labels` is not a list of names");
  const { source, features, training = {}, out = "model" } = given;
  if (!isText(out)) throw trainingConfigInvalid(path, "`out` is not a path");
  if (!isObject(source)) throw trainingConfigInvalid(path, "`source` is missing");
  if (source["kind"] === "generator") {
    demand(
      isText(source["generator"]) && source["generator"] in generators,
      `\`source.generator\` is none of ${Object.keys(generators).join()}`,
    );
    demand(isText(source["start"]) && !Number.isNaN(Date.parse(source["start"])), "`source.start` is not a date");
    for (const name of ["days", "periodSec"]) demand(isPositive(source[name]), `\`source.${name}\` is not above 0`);
    demand(typeof source["horizonSec"] === "number" && source["horizonSec"] >= 0, "`source.horizonSec` is missing");
    for (const name of ["trainSeeds", "testSeeds"]) {
      demand(isCounts(source[name]) && (source[name] as []).length > 0, `\`source.${name}\` is not a list of seeds`);
    }
  } else {
    demand(source["kind"] === "csv", '`source.kind` is neither "generator" nor "csv"');
    demand(isText(source["label"]), "`source.label` is not the name of a column");
    demand(source["map"] === undefined || isObject(source["map"]), "`source.map` is not an object");
  }
  if (features !== undefined) {
    if (!isObject(features)) throw trainingConfigInvalid(path, "`features` is not an object");
    for (const name of ["module", "function"]) demand(isText(features[name]), `\`features.${name}\` is missing`);
    demand(isCount(features["windowSamples"]), "`features.windowSamples` is not a count");
    demand(isTexts(features["names"]), "`features.names` is not a list of names");
  }
  if (!isObject(training)) throw trainingConfigInvalid(path, "`training` is not an object");
  const unknownOption = Object.keys(training).find((name) => !(name in DEFAULT_TRAINING));
  demand(unknownOption === undefined, `\`training.${unknownOption}\` is unknown`);
  const options = { ...DEFAULT_TRAINING, ...training } as TrainingOptions;
  demand(isCounts(options.hidden), "`training.hidden` is not a list of sizes");
  for (const name of ["seed", "epochs", "batchSize", "patience"] as const) {
    demand(isCount(options[name]), `\`training.${name}\` is not a count`);
  }
  demand(isPositive(options.learningRate), "`training.learningRate` is not above 0");
  demand(isPositive(options.thresholdBeta), "`training.thresholdBeta` is not above 0");
  demand(options.weightDecay >= 0, "`training.weightDecay` is below 0");
  demand(
    options.validationFraction > 0 && options.validationFraction < 0.9,
    "`training.validationFraction` is not between 0 and 0.9",
  );
  const classes = Math.max(2, (given["labels"] as string[]).length);
  const { classWeights } = options;
  demand(
    classWeights === "none" ||
      classWeights === "balanced" ||
      (Array.isArray(classWeights) && classWeights.length === classes && classWeights.every(isPositive)),
    `\`training.classWeights\` is not "none", "balanced" or ${classes} numbers`,
  );
  return { ...(given as unknown as TrainingConfig), out, training: options };
}
