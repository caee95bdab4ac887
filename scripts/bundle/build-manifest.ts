import { createHash } from "node:crypto";
import type { Board } from "../../boards/index.js";
import type { CompiledModel } from "../model/compile.js";
import type { PartPlacement } from "../simulate/parts/placement.js";
import type { AppManifest } from "./app-manifest.js";

/** Names of a build's files, in its folder. */
export const BUNDLE_FILE = "bundle.js";
export const MAP_FILE = "bundle.js.map";
export const PACK_FILE = "model.smod";
export const MANIFEST_FILE = "manifest.json";

/** A file of the build that goes to the board. */
export interface DeviceFile {
  /** Name in the board's storage. */
  readonly name: string;
  /** Name in the build's folder. */
  readonly file: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** What upload, simulator and updates need to know of a build; manifest.json. */
export interface BuildManifest {
  readonly format: 1;
  readonly application: string;
  readonly version: string;
  readonly board: string;
  readonly engine: string;
  readonly platform: string;
  /** Version of Sertão. */
  readonly runtime: string;
  readonly files: readonly DeviceFile[];
  readonly model?: { readonly id: number; readonly arenaBytes: number; readonly kernels: readonly string[] };
  readonly labels?: readonly string[];
  readonly readings?: string;
  readonly channels?: readonly string[];
  /** What the simulator wires to a device. */
  readonly parts?: readonly PartPlacement[];
}

/** Describes a build. */
export function buildManifest(
  app: AppManifest,
  board: Board,
  runtime: string,
  code: string,
  model: CompiledModel | undefined,
): BuildManifest {
  const files = [deviceFile(".bootcde", BUNDLE_FILE, Buffer.from(code, "latin1"))];
  if (model) files.push(deviceFile("model.smod", PACK_FILE, model.pack));
  return {
    format: 1,
    application: app.name,
    version: app.version,
    board: board.id,
    engine: board.engine,
    platform: board.platform,
    runtime,
    files,
    ...(model && {
      model: { id: model.report.modelId, arenaBytes: model.report.arenaBytes, kernels: model.report.kernels },
    }),
    ...(app.labels && { labels: app.labels }),
    ...(app.readings && { readings: app.readings }),
    ...(app.channels && { channels: app.channels }),
    ...(app.parts && { parts: app.parts }),
  };
}

function deviceFile(name: string, file: string, content: Uint8Array): DeviceFile {
  return { name, file, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}
