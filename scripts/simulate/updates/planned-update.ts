import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Board } from "../../../boards/index.js";
import { PackHeader } from "../../../lib/nn/pack-format.js";
import { readAppManifest } from "../../bundle/app-manifest.js";
import { fileMissing } from "../../errors/files.js";
import { compileModel } from "../../model/compile.js";
import { openPack } from "../../model/model-file.js";
import { seal } from "../../model/pack-writer.js";
import { describeFile } from "../../ota/describe-file.js";
import { describeImage } from "../../ota/image.js";
import type { UpdateKindName, UpdateManifest } from "../../ota/update-manifest.js";

/** Stands for a copy of the application's own model whose golden vectors are wrong: devices must not keep it. */
export const BROKEN = "broken";

const KINDS: Record<string, UpdateKindName> = { ".js": "application", ".cfg": "config" };

/** A file that is to be published while a simulation runs. */
export interface PlannedUpdate {
  /** As the command line names it. */
  readonly name: string;
  readonly image: Uint8Array;
  readonly manifest: Omit<UpdateManifest, "sequence">;
}

/**
 * Reads a file for an update: a model (`.tflite`, compiled as the application's own is, `.smod`, or `broken`), an
 * application (`.js`, the bundle of a build) or a configuration (`.cfg`).
 * @param version of the model, where it is compiled here
 * @throws SertaoError FILE_MISSING, MODEL_…, OTA_IMAGE_UNKNOWN
 */
export function planUpdate(name: string, appFolder: string, board: Board, version: number): PlannedUpdate {
  const app = readAppManifest(appFolder);
  const path = name === BROKEN ? join(appFolder, app.model ?? "model.tflite") : name;
  if (!existsSync(path)) throw fileMissing(path);
  const bytes = readFileSync(path);
  const image = path.endsWith(".tflite")
    ? compileModel(bytes, {
        rounding: app.rounding ?? "tflm",
        board,
        version,
        ...(app.backend && { backend: app.backend }),
        ...(app.labels && { labels: app.labels }),
      }).pack
    : Uint8Array.from(bytes);
  const kind = KINDS[extname(path)] ?? "model";
  const described = describeFile(path, image, { kind, application: app.name });
  if (name === BROKEN) spoil(image);
  return {
    name,
    image,
    manifest: { ...described, boards: [board.id], image: describeImage(image, "heatshrink"), label: name.slice(-40) },
  };
}

/** Makes the first golden vector ask for another output, with checksums that fit: only running the model shows it. */
function spoil(image: Uint8Array): void {
  const pack = openPack(image);
  const first = pack.field(PackHeader.GOLDENS) + pack.field(PackHeader.INPUT_BYTES);
  image[first] = image[first]! ^ 0x55;
  seal(image, pack.field(PackHeader.SEGMENT_COUNT));
}
