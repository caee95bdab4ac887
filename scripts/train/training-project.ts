import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { trainingConfigInvalid, trainingConfigMissing } from "../errors/train.js";
import { checkTrainingConfig } from "./config-check.js";
import type { TrainingConfig } from "./training-config.js";

/** A configuration and where it lives. */
export interface TrainingProject {
  readonly config: TrainingConfig;
  /** Folder of training.json: paths in it start here. */
  readonly folder: string;
  /** Absolute folder for weights, model and report. */
  readonly outFolder: string;
}

/** Finds and checks a configuration: a JSON file, a folder with training.json, or the name of an application. */
export function loadTrainingProject(target: string): TrainingProject {
  const path = [target, join(target, "training.json"), join(applicationsFolder(), target, "training.json")].find(
    (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
  );
  if (path === undefined) throw trainingConfigMissing(target);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw trainingConfigInvalid(path, "it is not JSON");
  }
  return makeTrainingProject(json, path);
}

/** Checks a configuration; `path` is where it is or will be. */
export function makeTrainingProject(json: unknown, path: string): TrainingProject {
  const config = checkTrainingConfig(json, path);
  const folder = dirname(resolve(path));
  return { config, folder, outFolder: resolve(folder, config.out) };
}

function applicationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, "firmware", "apps");
}
