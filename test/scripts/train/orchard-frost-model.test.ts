import { readFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { DECISION_THRESHOLD, SCALING } from "../../../firmware/apps/orchard-frost/model/scaling.js";
import { CHANNELS, FEATURE_COUNT, WINDOW_SAMPLES } from "../../../firmware/apps/orchard-frost/features.js";
import { loadTrainingProject } from "../../../scripts/train/training-project.js";
import type { GeneratorSource } from "../../../scripts/train/training-config.js";
import { evaluateProject } from "../../../scripts/train/evaluate-project.js";
import { loadDatasets } from "../../../scripts/train/project-data.js";
import { projectWeights, quantizeProject } from "../../../scripts/train/quantize-project.js";
import { trainProject } from "../../../scripts/train/train-project.js";
import type { ReportData } from "../../../scripts/train/report.js";

const project = loadTrainingProject("orchard-frost");
const source = project.config.source as GeneratorSource;
const withSeeds = (seeds: Partial<GeneratorSource>) => ({
  ...project,
  config: { ...project.config, source: { ...source, ...seeds } },
});
const judge = async (testSeeds: number[], model = projectWeights(project)): Promise<ReportData> => {
  const fresh = withSeeds({ testSeeds });
  const runs = await loadDatasets(fresh, "test", []);
  return evaluateProject({ project: fresh, model, runs, files: [], rounding: "tflm", command: "test" });
};

describe("the committed frost model", () => {
  let report: ReportData;
  beforeAll(async () => {
    report = await judge([31, 32]);
  });

  test("is good on seasons that neither training nor the report has seen", () => {
    const frost = report.int8.classes[0]!;
    expect(frost.examples).toBeGreaterThan(300);
    expect(frost.rocAuc).toBeGreaterThan(0.99);
    expect(frost.recall).toBeGreaterThan(0.9);
    expect(frost.precision).toBeGreaterThan(0.7);
    expect(report.agreement.decisions).toBeGreaterThan(0.99);
  });

  test("warns of nearly every frost before it comes", () => {
    const { summary } = report.warnings!;
    expect(summary.events).toBeGreaterThan(5);
    expect(summary.warned / summary.events).toBeGreaterThan(0.9);
    expect(summary.leads[Math.floor(summary.leads.length / 2)]).toBeGreaterThanOrEqual(12);
  });

  test("knows more than that it is cold now", async () => {
    const runs = await loadDatasets(withSeeds({ testSeeds: [31, 32] }), "test", []);
    let best = 0;
    for (let celsius = -1; celsius <= 6; celsius += 0.25) {
      let [found, yes, positives] = [0, 0, 0];
      for (const run of runs) {
        for (let row = 0; row < run.rows; row++) {
          const cold = run.features[row * FEATURE_COUNT]! <= celsius;
          positives += run.labels[row]!;
          if (cold) yes++;
          if (cold && run.labels[row]) found++;
        }
      }
      best = Math.max(best, (2 * found) / (yes + positives));
    }
    const frost = report.int8.classes[0]!;
    const f1 = Math.max(
      ...frost.curve.map((d) => (2 * d.truePositives) / (2 * d.truePositives + d.falsePositives + d.falseNegatives)),
    );
    expect(f1).toBeGreaterThan(best + 0.02);
  });

  test("belongs to its weights, its feature code and its configuration", async () => {
    const model = projectWeights(project);
    const files = quantizeProject(project, model, await loadDatasets(project, "train", []));
    for (const [name, content] of Object.entries(files)) {
      const committed = readFileSync(joinPath(project.outFolder, name));
      expect(committed.equals(Buffer.from(content as Uint8Array)), name).toBe(true);
    }
    expect(SCALING.mean).toEqual(model.scaling.mean);
    expect(DECISION_THRESHOLD).toBe(model.threshold);
    expect(project.config.channels).toEqual(CHANNELS);
    expect(project.config.features!.names.length).toBe(FEATURE_COUNT);
    expect(project.config.features!.windowSamples).toBe(WINDOW_SAMPLES);
  });
});

test("training again on less gives the same bytes twice, and a model that works", async () => {
  const small = withSeeds({ trainSeeds: [1001, 1002, 1003] });
  const quick = { ...small, config: { ...small.config, training: { ...small.config.training, epochs: 4 } } };
  const runs = await loadDatasets(quick, "train", []);
  const once = trainProject(quick, runs, "test");
  expect(quantizeProject(quick, trainProject(quick, runs, "test"), runs)).toEqual(quantizeProject(quick, once, runs));
  expect((await judge([33], once)).float.classes[0]!.rocAuc).toBeGreaterThan(0.97);
});
