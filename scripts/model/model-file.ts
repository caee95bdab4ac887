import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { DeviceError } from "../../lib/core/device-error.js";
import { openModelPack, type ModelPack } from "../../lib/nn/model-pack.js";
import { fileMissing, fileUnreadable } from "../errors/files.js";
import { notTflite, packRefused } from "../errors/model.js";
import { isTflite } from "./tflite/reader.js";

/** A file that holds a model: not yet compiled, or a pack. */
export type ModelFile =
  | { readonly kind: "tflite"; readonly bytes: Uint8Array }
  | { readonly kind: "smod"; readonly bytes: Uint8Array; readonly pack: ModelPack };

/**
 * Reads a `.tflite` or `.smod` file, told apart by their first bytes; a pack is checked.
 * @throws SertaoError FILE_MISSING, FILE_UNREADABLE, MODEL_NOT_TFLITE, MODEL_PACK_REFUSED
 */
export function readModelFile(path: string): ModelFile {
  const bytes = readBytes(path);
  if (isTflite(bytes)) return { kind: "tflite", bytes };
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "SMOD") throw notTflite(path);
  return { kind: "smod", bytes, pack: openPack(bytes) };
}

/** Checks a pack. Throws SertaoError MODEL_PACK_REFUSED. */
export function openPack(bytes: Uint8Array): ModelPack {
  try {
    return openModelPack(new Uint8Array(bytes).buffer);
  } catch (error) {
    if (error instanceof DeviceError) throw packRefused(packProblem(error));
    throw error;
  }
}

/** A device's reason to refuse a pack, in words. */
export function packProblem({ code, detail }: DeviceError): string {
  const problems: Record<number, string> = {
    201: `it ends after ${detail} bytes`,
    202: "it does not begin with SMOD",
    203: `it has format version ${detail}`,
    204: "a checksum does not fit",
    205: "its parts contradict each other",
    206: `it uses operator ${detail}, which this release does not have`,
    207: `it asks for ${detail} bytes of memory`,
  };
  return problems[code] ?? `error ${code}, detail ${detail}`;
}

/** Reads a file. Throws SertaoError FILE_MISSING or FILE_UNREADABLE. */
export function readBytes(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === "ENOENT" ? fileMissing(path) : fileUnreadable(path, code ?? message);
  }
}

/** Makes a folder, where it is not there. Throws SertaoError FILE_UNREADABLE. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw fileUnreadable(path, code ?? message);
  }
}

/** Writes a file. Throws SertaoError FILE_UNREADABLE. */
export function writeBytes(path: string, bytes: Uint8Array | string): void {
  try {
    writeFileSync(path, bytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw fileUnreadable(path, code ?? message);
  }
}
