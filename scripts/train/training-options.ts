import { join } from "node:path";
import type { Command } from "commander";
import { usage } from "../errors/usage.js";
import { loadTrainingProject, makeTrainingProject, type TrainingProject } from "./training-project.js";

/** Options that train, quantize and evaluate share: where the data are. */
export interface TrainingDataOptions {
  readonly csv?: string[];
  readonly label?: string;
  readonly columns?: string;
  readonly map?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function addTrainingDataOptions(command: Command): Command {
  return command
    .option("--csv <files...>", "recordings; the first line of each names its columns")
    .option("--label <column>", "column with the class")
    .option("--columns <list>", "columns of the channels, in their order: Temperature,Humidity")
    .option("--map <list>", "column of each channel: temperature=Temperature,light=Light")
    .option("--out <folder>", "where weights, model and report go")
    .option("--json", "print one JSON object");
}

/** The project that a command line names: a training.json, or, without one, a recording and its columns. */
export function projectOf(target: string | undefined, options: TrainingDataOptions): TrainingProject {
  if (target === undefined) return projectOfRecording(options);
  const project = loadTrainingProject(target);
  const { source } = project.config;
  const outFolder = options.out ?? project.outFolder;
  if (source.kind !== "csv") return { ...project, outFolder };
  const changed = {
    ...source,
    label: options.label ?? source.label,
    map: { ...source.map, ...mapOf(project, options) },
  };
  return { ...project, outFolder, config: { ...project.config, source: changed } };
}

function projectOfRecording({ csv, label, columns, out }: TrainingDataOptions): TrainingProject {
  if (csv === undefined || label === undefined || columns === undefined || out === undefined) {
    throw usage("Without a training.json it takes --csv, --label, --columns and --out.");
  }
  const json = {
    name: "recording",
    source: { kind: "csv", label },
    channels: columns.split(","),
    labels: ["yes"],
    out: ".",
  };
  return makeTrainingProject(json, join(out, "training.json"));
}

function mapOf({ config }: TrainingProject, { columns, map }: TrainingDataOptions): Record<string, string> {
  const pairs: Record<string, string> = {};
  if (columns !== undefined) {
    const names = columns.split(",");
    if (names.length !== config.channels.length) {
      throw usage(`--columns names ${names.length} columns for ${config.channels.length} channels.`);
    }
    config.channels.forEach((channel, index) => (pairs[channel] = names[index]!));
  }
  for (const pair of map === undefined ? [] : map.split(",")) {
    const [channel, column, ...more] = pair.split("=");
    if (!channel || !column || more.length > 0) throw usage(`--map: "${pair}" is not channel=column.`);
    if (!config.channels.includes(channel)) {
      throw usage(`--map: ${config.name} has no channel ${channel}, only ${config.channels.join(", ")}.`);
    }
    pairs[channel] = column;
  }
  return pairs;
}
