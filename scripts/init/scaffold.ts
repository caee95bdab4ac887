import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { initFolderTaken, initPackageInvalid } from "../errors/init.js";
import { loadTrainingProject } from "../train/training-project.js";
import { MODEL_FILES, writeFiles } from "../train/model-files.js";
import { loadDatasets } from "../train/project-data.js";
import { quantizeProject } from "../train/quantize-project.js";
import { describeData } from "../train/sample-run.js";
import { trainProject } from "../train/train-project.js";
import { formatWeights } from "../train/weights.js";
import { EXAMPLE_FILE, packageJson, projectFiles, type NewApplication } from "./project-files.js";

/** What npm and git leave in a folder before there is an application. */
const HARMLESS = /^(package\.json|package-lock\.json|node_modules|\.git|.*\.tgz)$/;

/** Refuses a folder that has anything in it which a new application could overwrite. Throws INIT_FOLDER_TAKEN. */
export function checkFolder(folder: string): void {
  if (!existsSync(folder)) return;
  const taken = readdirSync(folder).find((name) => !HARMLESS.test(name));
  if (taken !== undefined) throw initFolderTaken(folder, taken);
}

/**
 * Writes a new application, and trains its first model.
 * @returns paths of what was written, from the folder
 * @throws SertaoError INIT_FOLDER_TAKEN or INIT_PACKAGE_INVALID, before anything is written
 */
export async function scaffold(folder: string, app: NewApplication): Promise<string[]> {
  checkFolder(folder);
  const files = { "package.json": packageJson(app, folder, existingPackage(folder)), ...projectFiles(app) };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return [...Object.keys(files), ...(await trainFirstModel(folder))];
}

function existingPackage(folder: string): Record<string, unknown> {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw initPackageInvalid(path);
}

/** What `npm run train` does in the application. */
async function trainFirstModel(folder: string): Promise<string[]> {
  const project = loadTrainingProject(folder);
  const csv = [join(folder, EXAMPLE_FILE)];
  const runs = await loadDatasets(project, "train", csv);
  const model = trainProject(project, runs, describeData(project.config, "train", [EXAMPLE_FILE]));
  const made = { [MODEL_FILES.weights]: formatWeights(model), ...quantizeProject(project, model, runs) };
  writeFiles(project.outFolder, made);
  return Object.keys(made).map((name) => join(project.config.out, name));
}
