import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PackHeader } from "../../lib/nn/pack-format.js";
import { BUNDLE_FILE, MANIFEST_FILE, PACK_FILE, type BuildManifest } from "../bundle/build-manifest.js";
import { imageUnknown } from "../errors/ota.js";
import { kernels } from "../model/kernels.js";
import { openPack } from "../model/model-file.js";
import { packKernels } from "../model/pack-kernels.js";
import { sha256 } from "./node-digest.js";
import type { ModelNeeds, UpdateKindName, UpdateManifest } from "./update-manifest.js";

/** What can be told of a file to sign from itself and from the build it lies in. */
export type FileDescription = Pick<UpdateManifest, "kind" | "application" | "boards" | "runtime" | "model" | "label">;

/** What the user says; it goes before what was found. */
export interface Said {
  readonly kind?: UpdateKindName | undefined;
  readonly application?: string | undefined;
}

/**
 * Describes a model pack, an application or a configuration.
 * @throws SertaoError OTA_IMAGE_UNKNOWN, MODEL_PACK_REFUSED
 */
export function describeFile(path: string, bytes: Uint8Array, said: Said): FileDescription {
  const build = buildAround(path, bytes);
  const kind = said.kind ?? kindOf(bytes, path, build);
  const application = said.application ?? build?.application;
  if (kind === undefined) throw imageUnknown(path, "it is no model pack and belongs to no build");
  if (application === undefined) throw imageUnknown(path, "it does not say which application it is for");
  const board = build && { boards: [build.board] };
  const label = build && { label: `${build.application} ${build.version}` };
  if (kind === "config") return { kind, application, ...board };
  if (kind === "application") return { kind, application, ...board, ...label, ...modelBeside(path, build) };
  const runtime = build && { runtime: build.runtime };
  return { kind, application, ...board, ...label, ...runtime, model: needsOf(bytes) };
}

/** The build that a file is part of, unchanged. */
function buildAround(path: string, bytes: Uint8Array): BuildManifest | undefined {
  const file = join(dirname(path), MANIFEST_FILE);
  if (!existsSync(file)) return undefined;
  let build: BuildManifest;
  try {
    build = JSON.parse(readFileSync(file, "utf8")) as BuildManifest;
  } catch {
    return undefined;
  }
  const own = Array.isArray(build?.files) ? build.files.find((entry) => entry.file === basename(path)) : undefined;
  if (own === undefined) return undefined;
  if (own.sha256 !== sha256(bytes).toString("hex"))
    throw imageUnknown(path, `it was changed after the build that ${file} describes`);
  return build;
}

function kindOf(bytes: Uint8Array, path: string, build: BuildManifest | undefined): UpdateKindName | undefined {
  if (Buffer.from(bytes.subarray(0, 4)).toString("latin1") === "SMOD") return "model";
  return build !== undefined && basename(path) === BUNDLE_FILE ? "application" : undefined;
}

/** What an application expects of its model: what the model of the same build needs. */
function modelBeside(path: string, build: BuildManifest | undefined): { model?: ModelNeeds } {
  if (build?.model === undefined) return {};
  const file = join(dirname(path), PACK_FILE);
  if (!existsSync(file)) throw imageUnknown(path, `the model of its build, ${file}, is missing`);
  return { model: { ...needsOf(readFileSync(file)), arenaBytes: 0, goldens: 0 } };
}

function needsOf(bytes: Uint8Array): ModelNeeds {
  const pack = openPack(bytes);
  return {
    arenaBytes: pack.field(PackHeader.ARENA_BYTES) + pack.field(PackHeader.SCRATCH_BYTES),
    operators: packKernels(bytes)
      .map((name) => kernels[name]!.code)
      .sort((a, b) => a - b),
    inputBytes: pack.field(PackHeader.INPUT_BYTES),
    outputBytes: pack.field(PackHeader.OUTPUT_BYTES),
    goldens: pack.field(PackHeader.GOLDEN_COUNT),
  };
}
