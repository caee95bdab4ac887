import { join as joinPath } from "node:path";
import { weightsInvalid } from "../errors/train.js";
import type { Rounding } from "../model/rounding.js";
import type { TrainingProject } from "./training-project.js";
import type { TrainingConfig } from "./training-config.js";
import { join, type Dataset } from "./dataset.js";
import { compare, evaluate } from "./evaluation.js";
import { int8Predictor } from "./int8-predictor.js";
import { describeData } from "./sample-run.js";
import { MODEL_FILES, readModelFile } from "./model-files.js";
import { floatPredictor, predictAll } from "./predictor.js";
import type { ReportData } from "./report.js";
import { standardized } from "./scaling.js";
import { joinWarnings, summarizeWarnings } from "./warnings.js";
import type { TrainedModel } from "./weights.js";

export interface EvaluationRequest {
  readonly project: TrainingProject;
  readonly model: TrainedModel;
  readonly runs: readonly Dataset[];
  /** Recordings that the runs were read from; none for a generator. */
  readonly files: readonly string[];
  readonly rounding: Rounding;
  /** Printed in the report. */
  readonly command: string;
  readonly onRow?: (done: number) => void;
}

/** Judges a project's float network and its int8 model on the same rows. */
export function evaluateProject(request: EvaluationRequest): ReportData {
  const { project, model, runs, files, rounding, command, onRow } = request;
  const outputs = model.labels.length;
  const data = standardized(join(runs), model.scaling);
  const path = joinPath(project.outFolder, MODEL_FILES.model);
  const bytes = readModelFile(path);
  const floatProbabilities = predictAll(floatPredictor(model.network), data, outputs);
  const int8Probabilities = predictAll(int8Predictor(bytes, rounding), data, outputs, onRow);
  if (int8Probabilities.some(Number.isNaN)) throw weightsInvalid(path, "it does not fit the features");
  const float = evaluate(floatProbabilities, data.labels, model.labels, model.threshold);
  const int8 = evaluate(int8Probabilities, data.labels, model.labels, model.threshold);
  const warnings = asAlarm(project.config, runs, int8.decided);
  return {
    model,
    data: describeData(project.config, "test", files),
    command,
    modelBytes: bytes.length,
    labels: data.labels,
    float,
    int8,
    int8Probabilities,
    agreement: compare(floatProbabilities, int8Probabilities, float, int8),
    ...(warnings && { warnings }),
  };
}

/** Only a generator's rows are sure to follow each other without gaps. */
function asAlarm(config: TrainingConfig, runs: readonly Dataset[], decided: Uint8Array): ReportData["warnings"] {
  const { source, labels } = config;
  if (source.kind !== "generator" || source.horizonSec === 0 || labels.length > 1) return undefined;
  const horizonRows = Math.round(source.horizonSec / source.periodSec);
  let at = 0;
  const summaries = runs.map((run) => {
    at += run.rows;
    return summarizeWarnings(decided.subarray(at - run.rows, at), run, horizonRows);
  });
  return { summary: joinWarnings(summaries), rowSec: source.periodSec, days: source.days * source.testSeeds.length };
}
