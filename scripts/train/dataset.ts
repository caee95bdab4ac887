import { SampleWindow } from "../../lib/sensing/sample-window.js";
import type { TrainingConfig } from "./training-config.js";
import type { FeatureFunction } from "./feature-code.js";
import type { SampleRun } from "./sample-run.js";

/** Examples in the order of time: rows × featureCount features and a class each. */
export interface Dataset {
  readonly features: Float32Array;
  readonly labels: Uint8Array;
  readonly rows: number;
  readonly featureCount: number;
}

/** Feature names of a configuration. */
export function featureNames(config: TrainingConfig): readonly string[] {
  return config.features?.names ?? config.channels;
}

/** Runs feature code over a run, sample by sample as on the device. Rows without features are left out. */
export function extractFeatures(config: TrainingConfig, run: SampleRun, compute: FeatureFunction | undefined): Dataset {
  const channels = config.channels.length;
  const featureCount = featureNames(config).length;
  const window = new SampleWindow(channels, config.features?.windowSamples ?? 1);
  const features = new Float32Array(run.rows * featureCount);
  const labels = new Uint8Array(run.rows);
  const out = new Float32Array(featureCount);
  let rows = 0;
  for (let row = 0; row < run.rows; row++) {
    const sample = run.samples.subarray(row * channels, (row + 1) * channels);
    window.push(sample);
    if (compute === undefined) out.set(sample);
    else if (compute(window, out) === false) continue;
    if (out.some((value) => !Number.isFinite(value))) continue;
    features.set(out, rows * featureCount);
    labels[rows++] = run.labels[row]!;
  }
  return slice({ features, labels, rows, featureCount }, 0, rows);
}

/**
 * Splits examples in time: the last `fraction` is for validation, with `gap` rows left out before it, because their
 * windows and labels overlap.
 */
export function splitByTime(data: Dataset, fraction: number, gap: number): { train: Dataset; validation: Dataset } {
  const boundary = Math.round(data.rows * (1 - fraction));
  return {
    train: slice(data, 0, Math.max(0, boundary - gap)),
    validation: slice(data, boundary, data.rows),
  };
}

/** Puts data sets of the same features behind each other. */
export function join(parts: readonly Dataset[]): Dataset {
  const featureCount = parts[0]?.featureCount ?? 0;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const joined = { features: new Float32Array(rows * featureCount), labels: new Uint8Array(rows), rows, featureCount };
  let at = 0;
  for (const part of parts) {
    joined.features.set(part.features, at * featureCount);
    joined.labels.set(part.labels, at);
    at += part.rows;
  }
  return joined;
}

/** Rows `from` up to, not including, `to`; shares memory. */
export function slice(data: Dataset, from: number, to: number): Dataset {
  const { featureCount } = data;
  return {
    features: data.features.subarray(from * featureCount, to * featureCount),
    labels: data.labels.subarray(from, to),
    rows: to - from,
    featureCount,
  };
}
