import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadTrainingProject } from "../../../scripts/train/training-project.js";
import { int8Predictor } from "../../../scripts/train/int8-predictor.js";
import { join as joinRuns } from "../../../scripts/train/dataset.js";
import { evaluate } from "../../../scripts/train/evaluation.js";
import { predictAll } from "../../../scripts/train/predictor.js";
import { loadDatasets } from "../../../scripts/train/project-data.js";
import { projectWeights, quantizeProject } from "../../../scripts/train/quantize-project.js";
import { standardized } from "../../../scripts/train/scaling.js";
import { trainProject } from "../../../scripts/train/train-project.js";
import { shared, sharedPath } from "../../support/shared.js";

const project = loadTrainingProject("occupancy");
const recording = (name: string) => sharedPath("data", "occupancy", name);

describe.skipIf(!shared)("real room sensors, labelled (needs ../shared)", () => {
  test("a model trained here is right on more than 95 % of datatest.txt, in the device's interpreter", async () => {
    const runs = await loadDatasets(project, "train", [recording("datatraining.txt")]);
    expect(runs[0]!.rows).toBe(8143);
    const model = trainProject(project, runs, "datatraining.txt");
    const files = quantizeProject(project, model, runs);
    const predict = int8Predictor(files["model.tflite"] as Uint8Array);
    const accuracies: number[] = [];
    for (const name of ["datatest.txt", "datatest2.txt"]) {
      const fresh = standardized(joinRuns(await loadDatasets(project, "test", [recording(name)])), model.scaling);
      const judged = evaluate(predictAll(predict, fresh, 1), fresh.labels, model.labels, model.threshold);
      console.log(`${name}: int8 accuracy ${(100 * judged.accuracy).toFixed(2)} % of ${fresh.rows} rows`);
      accuracies.push(judged.accuracy);
    }
    expect(accuracies[0]).toBeGreaterThan(0.95);
    expect(accuracies[1]).toBeGreaterThan(0.95);
    const committed = readFileSync(join(project.outFolder, "model.tflite"));
    expect(committed.equals(Buffer.from(files["model.tflite"] as Uint8Array))).toBe(true);
    expect(projectWeights(project).threshold).toBe(model.threshold);
  });
});
