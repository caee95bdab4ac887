import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BackendName } from "../../boards/board.js";
import { appManifestInvalid } from "../errors/bundle.js";
import { placementsProblem, type PartPlacement } from "../simulate/parts/placement.js";

/** An application folder's `sertao.json`. */
export interface AppManifest {
  /** 1 to 32 characters of a-z0-9 and "-". */
  readonly name: string;
  /** "major.minor.patch". */
  readonly version: string;
  /** Module to start, relative to the folder. */
  readonly entry: string;
  /** `.tflite` file, relative to the folder. */
  readonly model?: string;
  /** Names of the model's outputs, in order. */
  readonly labels?: readonly string[];
  /** Which runtime's bits the model gives. */
  readonly rounding?: "tflm" | "xnnpack";
  /** What the model runs on, where not by the board's own choice. */
  readonly backend?: BackendName;
  /** Where the simulator takes readings from. */
  readonly readings?: string;
  /** Names of the readings, in the order of a recording's columns. */
  readonly channels?: readonly string[];
  /** What the simulator wires to a device. */
  readonly parts?: readonly PartPlacement[];
}

type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === "string" && value !== "" ? undefined : "must be a text");
const texts: Check = (value) =>
  Array.isArray(value) && value.every((item) => text(item) === undefined) ? undefined : "must be a list of texts";
const matching =
  (pattern: RegExp, form: string): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value) ? undefined : `must be ${form}`;

const FIELDS: Record<keyof AppManifest, { required: boolean; check: Check }> = {
  name: { required: true, check: matching(/^[a-z0-9][a-z0-9-]{0,31}$/, "1 to 32 characters of a-z, 0-9 and -") },
  version: { required: true, check: matching(/^\d+\.\d+\.\d+$/, "three numbers, as in 0.1.0") },
  entry: { required: true, check: matching(/\.ts$/, "a .ts file") },
  model: { required: false, check: matching(/\.tflite$/, "a .tflite file") },
  labels: { required: false, check: texts },
  rounding: { required: false, check: matching(/^(tflm|xnnpack)$/, "tflm or xnnpack") },
  backend: { required: false, check: matching(/^(loops|espruino|tensorflow)$/, "loops, espruino or tensorflow") },
  readings: { required: false, check: text },
  channels: { required: false, check: texts },
  parts: { required: false, check: placementsProblem },
};

/** Reads and checks the folder's `sertao.json`. Throws APP_MANIFEST_INVALID. */
export function readAppManifest(folder: string): AppManifest {
  const path = join(folder, "sertao.json");
  if (!existsSync(path)) throw appManifestInvalid(path, "there is no such file, so the folder is no application");
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw appManifestInvalid(path, error instanceof Error ? error.message : String(error));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw appManifestInvalid(path, "it must hold one object");
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields))
    if (!Object.hasOwn(FIELDS, name)) throw appManifestInvalid(path, `"${name}" is no field`);
  for (const [name, { required, check }] of Object.entries(FIELDS)) {
    if (fields[name] === undefined) {
      if (required) throw appManifestInvalid(path, `"${name}" is missing`);
      continue;
    }
    const problem = check(fields[name]);
    if (problem !== undefined)
      throw appManifestInvalid(path, `"${name}"${problem.startsWith(":") ? "" : " "}${problem}`);
  }
  const manifest = value as AppManifest;
  for (const file of [manifest.entry, manifest.model])
    if (file !== undefined && !existsSync(join(folder, file)))
      throw appManifestInvalid(path, `"${file}" does not exist in the folder`);
  return manifest;
}
