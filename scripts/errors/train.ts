import { errorKind } from "./sertao-error.js";

export const trainingConfigMissing = errorKind(
  "TRAINING_CONFIG_MISSING",
  "A folder or application has no training.json.",
  (target: string) => `${target} has no training.json.`,
  "Name a folder that has one, or train from a recording with --csv, --label, --columns and --out.",
);

export const trainingConfigInvalid = errorKind(
  "TRAINING_CONFIG_INVALID",
  "A training.json is not JSON, or a field of it is missing or wrong.",
  (path: string, problem: string) => `${path}: ${problem}.`,
  "See docs/training.md for the fields.",
);

export const csvInvalid = errorKind(
  "CSV_INVALID",
  "A recording cannot be read as a table of numbers.",
  (path: string, problem: string) => `${path}: ${problem}.`,
  "Check the file; the first line names the columns.",
);

export const csvColumnMissing = errorKind(
  "CSV_COLUMN_MISSING",
  "A recording lacks a column that was asked for.",
  (path: string, column: string, columns: string) => `${path} has no column "${column}"; it has ${columns}.`,
  "Name its columns with --columns or --map, and the label with --label.",
);

export const recordingMissing = errorKind(
  "RECORDING_MISSING",
  "An application that is trained from recordings was given none.",
  (name: string) => `${name} is trained from a recording, and none was given.`,
  "Add --csv FILE.",
  2,
);

export const featuresInvalid = errorKind(
  "FEATURES_INVALID",
  "The feature code of an application cannot be loaded, or lacks the function that training.json names.",
  (path: string, problem: string) => `${path}: ${problem}.`,
  "Correct the file, or the fields `module` and `function` in training.json.",
);

export const tooFewExamples = errorKind(
  "TOO_FEW_EXAMPLES",
  "The data hold too few examples to train or judge a model.",
  (problem: string) => `${problem}.`,
  "Record for longer, or add recordings with --csv.",
);

export const weightsMissing = errorKind(
  "WEIGHTS_MISSING",
  "A model is to be quantized or judged before it was made.",
  (path: string) => `${path} does not exist.`,
  "Run sertao train, then sertao quantize.",
);

export const weightsInvalid = errorKind(
  "WEIGHTS_INVALID",
  "A weights.json is damaged or belongs to another training.json.",
  (path: string, problem: string) => `${path}: ${problem}.`,
  "Run sertao train again.",
);
