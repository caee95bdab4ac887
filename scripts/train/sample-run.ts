import { basename } from "node:path";
import { csvInvalid, recordingMissing } from "../errors/train.js";
import { generators } from "../readings/generators.js";
import type { CsvSource, GeneratorSource, TrainingConfig } from "./training-config.js";
import { columnIndex, numberAt, readCsv } from "./csv-table.js";

/** Samples at a steady rate, with a class each. */
export interface SampleRun {
  /** rows × channels. */
  readonly samples: Float32Array;
  /** Class of each row. */
  readonly labels: Uint8Array;
  readonly rows: number;
}

/**
 * The runs of one purpose: those of the generator's seeds, or the recordings in `files`.
 * @param purpose which seeds; files are used as given
 */
export function loadRuns(config: TrainingConfig, purpose: "train" | "test", files: readonly string[]): SampleRun[] {
  const { source } = config;
  if (source.kind === "csv" || files.length > 0) {
    if (source.kind !== "csv") throw csvInvalid(files[0]!, `${config.name} is trained from a generator`);
    if (files.length === 0) throw recordingMissing(config.name);
    return files.map((path) => csvRun(config, source, path));
  }
  const seeds = purpose === "train" ? source.trainSeeds : source.testSeeds;
  return seeds.map((seed) => generatedRun(config, source, seed));
}

/** What `loadRuns` loads, in words. */
export function describeData(config: TrainingConfig, purpose: "train" | "test", files: readonly string[]): string {
  const { source } = config;
  if (source.kind === "csv") return files.map((file) => basename(file)).join(", ");
  const seeds = purpose === "train" ? source.trainSeeds : source.testSeeds;
  return `${source.generator}, ${source.days} days from ${source.start} of each seed in ${seeds.join(", ")}`;
}

function generatedRun(config: TrainingConfig, source: GeneratorSource, seed: number): SampleRun {
  const startMs = Date.parse(source.start);
  const readings = generators[source.generator]!(seed, startMs, source.days, source.horizonSec * 1000);
  const rows = Math.floor((source.days * 86_400) / source.periodSec);
  const channels = config.channels.length;
  const run = { samples: new Float32Array(rows * channels), labels: new Uint8Array(rows), rows };
  for (let row = 0; row < rows; row++) {
    const timeMs = startMs + row * source.periodSec * 1000;
    for (let c = 0; c < channels; c++) {
      run.samples[row * channels + c] = readings.read(config.channels[c]!, timeMs) ?? NaN;
    }
    run.labels[row] = readings.label(timeMs);
  }
  return run;
}

function csvRun(config: TrainingConfig, source: CsvSource, path: string): SampleRun {
  const table = readCsv(path);
  const columns = config.channels.map((channel) => columnIndex(table, source.map?.[channel] ?? channel));
  const labelColumn = columnIndex(table, source.label);
  const rows = table.rows.length;
  const run = { samples: new Float32Array(rows * columns.length), labels: new Uint8Array(rows), rows };
  for (let row = 0; row < rows; row++) {
    columns.forEach((column, c) => {
      run.samples[row * columns.length + c] = numberAt(table, row, column);
    });
    const text = table.rows[row]![labelColumn]!.trim();
    const label = classOf(text, config.labels);
    if (label === undefined) throw csvInvalid(path, `row ${row + 1}: "${text}" is not a class of ${source.label}`);
    run.labels[row] = label;
  }
  return run;
}

/** Class that a field names: by label, by index, or yes and no where there is one label. */
function classOf(text: string, labels: readonly string[]): number | undefined {
  const named = labels.indexOf(text);
  if (labels.length === 1) {
    if (named === 0 || /^(1|true|yes)$/i.test(text)) return 1;
    return /^(0|false|no)$/i.test(text) ? 0 : undefined;
  }
  if (named >= 0) return named;
  const index = /^\d+$/.test(text) ? Number(text) : -1;
  return index >= 0 && index < labels.length ? index : undefined;
}
