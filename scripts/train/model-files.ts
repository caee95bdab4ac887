import { mkdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileUnreadable } from "../errors/files.js";
import { weightsMissing } from "../errors/train.js";
import type { TrainedModel } from "./weights.js";

/** What training, quantization and judgement leave in a project's `out` folder. */
export const MODEL_FILES = {
  weights: "weights.json",
  model: "model.tflite",
  labels: "labels.txt",
  scaling: "scaling.ts",
  report: "report",
} as const;

/** Writes files by name into a folder, which is made where it is missing. Returns their paths. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string[] {
  try {
    mkdirSync(folder, { recursive: true });
    return Object.entries(files).map(([name, content]) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    });
  } catch (error) {
    throw fileUnreadable(folder, error instanceof Error ? error.message : String(error));
  }
}

/** Bytes of a model file. */
export function readModelFile(path: string): Uint8Array {
  if (!existsSync(path)) throw weightsMissing(path);
  return new Uint8Array(readFileSync(path));
}

/** Device source with what the application needs beside the model: feature scaling and the decision threshold. */
export function scalingSource({ name, features, labels, scaling, threshold }: TrainedModel): string {
  const list = (values: readonly number[]): string => `[${values.join(", ")}]`;
  const lines = [
    `// Written by \`sertao quantize ${name}\`. Do not edit.`,
    "",
    `/** For \`standardize\` of lib/dsp: ${features.join(", ")}. */`,
    "export const SCALING = {",
    `  mean: ${list(scaling.mean)},`,
    `  inverseDeviation: ${list(scaling.inverseDeviation)},`,
    "};",
  ];
  if (labels.length === 1) {
    lines.push(
      "",
      "/** Probability from which the answer is yes, chosen on the validation part. */",
      `export const DECISION_THRESHOLD = ${threshold};`,
    );
  }
  return `${lines.join("\n")}\n`;
}
