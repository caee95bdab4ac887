import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadTrainingProject, makeTrainingProject } from "../../../scripts/train/training-project.js";
import { DEFAULT_TRAINING } from "../../../scripts/train/training-config.js";
import { SampleWindow } from "../../../lib/sensing/sample-window.js";
import { loadFeatureFunction } from "../../../scripts/train/feature-code.js";

const folder = mkdtempSync(join(tmpdir(), "sertao-train-"));
afterAll(() => rmSync(folder, { recursive: true }));

const generator = {
  kind: "generator",
  generator: "orchard",
  start: "2026-07-15T00:00:00Z",
  days: 3,
  trainSeeds: [1],
  testSeeds: [2],
  periodSec: 300,
  horizonSec: 7200,
};
const good = { name: "x", source: generator, channels: ["a"], labels: ["l"] };

describe("training.json", () => {
  test("what is left out has defaults; paths start at the file", () => {
    const project = makeTrainingProject({ ...good, training: { epochs: 3 } }, join(folder, "training.json"));
    expect(project.config.training).toEqual({ ...DEFAULT_TRAINING, epochs: 3 });
    expect(project.outFolder).toBe(join(folder, "model"));
  });

  test.each([
    ["a list", []],
    ["`name`", { ...good, name: "" }],
    ["`channels`", { ...good, channels: [] }],
    ["`labels`", { ...good, labels: [1] }],
    ["`out`", { ...good, out: 3 }],
    ["`source` is missing", { ...good, source: undefined }],
    ["`source.kind`", { ...good, source: { kind: "http" } }],
    ["`source.generator` is none of orchard", { ...good, source: { ...generator, generator: "toString" } }],
    ["`source.start`", { ...good, source: { ...generator, start: "soon" } }],
    ["`source.days`", { ...good, source: { ...generator, days: 0 } }],
    ["`source.horizonSec`", { ...good, source: { ...generator, horizonSec: -1 } }],
    ["`source.testSeeds`", { ...good, source: { ...generator, testSeeds: [] } }],
    ["`source.label`", { ...good, source: { kind: "csv" } }],
    ["`features.names`", { ...good, features: { module: "f.ts", function: "f", windowSamples: 2 } }],
    ["`training.dropout` is unknown", { ...good, training: { dropout: 0.5 } }],
    ["`training.hidden`", { ...good, training: { hidden: [0] } }],
    ["`training.epochs`", { ...good, training: { epochs: 1.5 } }],
    ["`training.learningRate`", { ...good, training: { learningRate: -1 } }],
    ["`training.validationFraction`", { ...good, training: { validationFraction: 1 } }],
    ["`training.classWeights`", { ...good, training: { classWeights: [1] } }],
  ])("refuses a wrong field and names it: %s", (field, json) => {
    const message = field === "a list" ? "it is not an object" : field;
    expect(() => makeTrainingProject(json, "t.json")).toThrow(`TRAINING_CONFIG_INVALID: t.json: ${message}`);
  });

  test("is found by file, by folder and by application; a missing or broken one is said so", () => {
    const path = join(folder, "training.json");
    writeFileSync(path, JSON.stringify(good));
    expect(loadTrainingProject(path).config.name).toBe("x");
    expect(loadTrainingProject(folder).config.name).toBe("x");
    expect(loadTrainingProject("orchard-frost").config.labels).toEqual(["frost"]);
    expect(() => loadTrainingProject("no-such-app")).toThrow(/TRAINING_CONFIG_MISSING/);
    writeFileSync(path, "{");
    expect(() => loadTrainingProject(path)).toThrow(/it is not JSON/);
  });
});

describe("feature code", () => {
  const code = (module: string) => ({ module, function: "twice", windowSamples: 1, names: ["n"] });

  test("TypeScript is loaded with what it imports", async () => {
    writeFileSync(join(folder, "factor.ts"), "export const enum Factor { TWO = 2 }\n");
    writeFileSync(
      join(folder, "good.ts"),
      'import { Factor } from "./factor.js";\n' +
        "interface W { value(c: number, a: number): number }\n" +
        "export function twice(w: W, out: Float32Array): boolean { out[0] = Factor.TWO * w.value(0, 0); return true; }\n",
    );
    const compute = await loadFeatureFunction(folder, code("good.ts"));
    const window = new SampleWindow(1, 1);
    window.push([21]);
    const out = new Float32Array(1);
    expect(compute(window, out)).toBe(true);
    expect(out[0]).toBe(42);
  });

  test("a missing file, one that does not parse and one without the function are said so", async () => {
    await expect(loadFeatureFunction(folder, code("none.ts"))).rejects.toThrow(/FEATURES_INVALID.*does not exist/);
    writeFileSync(join(folder, "broken.ts"), "export function twice( {\n");
    await expect(loadFeatureFunction(folder, code("broken.ts"))).rejects.toThrow(/FEATURES_INVALID/);
    writeFileSync(join(folder, "other.ts"), "export const twice = 2;\n");
    await expect(loadFeatureFunction(folder, code("other.ts"))).rejects.toThrow(/does not export the function twice/);
  });
});
