import { tooFewExamples } from "../errors/train.js";
import type { TrainingProject } from "./training-project.js";
import type { TrainingConfig } from "./training-config.js";
import { extractFeatures, join, splitByTime, type Dataset } from "./dataset.js";
import { loadFeatureFunction } from "./feature-code.js";
import { loadRuns } from "./sample-run.js";

/** The features of each run of a purpose; `files` replace nothing of a generator and are all of a recorded source. */
export async function loadDatasets(
  { config, folder }: TrainingProject,
  purpose: "train" | "test",
  files: readonly string[],
): Promise<Dataset[]> {
  const compute = config.features && (await loadFeatureFunction(folder, config.features));
  const runs = loadRuns(config, purpose, files).map((run) => extractFeatures(config, run, compute));
  if (runs.every((run) => run.rows === 0)) throw tooFewExamples("No row has all its features");
  return runs;
}

/** Training and validation part: runs are in the order of time, so the last seasons or recordings validate. Between them lies what the windows and labels of both would share. */
export function splitForTraining(config: TrainingConfig, runs: readonly Dataset[]): ReturnType<typeof splitByTime> {
  const { source } = config;
  const horizonRows =
    source.kind === "generator" ? Math.ceil(source.horizonSec / source.periodSec) : (source.horizonRows ?? 0);
  const gap = (config.features?.windowSamples ?? 1) - 1 + horizonRows;
  return splitByTime(join(runs), config.training.validationFraction, gap);
}
