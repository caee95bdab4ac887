import { asciiText } from "../../lib/core/bytes.js";
import { DeviceError } from "../../lib/core/device-error.js";
import { PackHeader } from "../../lib/nn/pack-format.js";
import type { ModelPack } from "../../lib/nn/model-pack.js";
import { packRefused } from "../errors/model.js";
import { packProblem } from "./model-file.js";
import { packKernels } from "./pack-kernels.js";

/** What a model pack says of itself. */
export interface PackView {
  readonly modelId: string;
  readonly modelVersion: number;
  readonly rounding: string;
  readonly kernels: readonly string[];
  readonly operators: number;
  readonly totalBytes: number;
  readonly arenaBytes: number;
  readonly scratchBytes: number;
  readonly inputBytes: number;
  readonly inputScale: number;
  readonly inputZeroPoint: number;
  readonly outputBytes: number;
  readonly outputScale: number;
  readonly outputZeroPoint: number;
  readonly labels: readonly string[];
  readonly goldenVectors: number;
}

/**
 * Reads the header and the labels of a pack.
 * @throws SertaoError MODEL_PACK_REFUSED where they contradict the rest
 */
export function packView(pack: ModelPack, bytes: Uint8Array): PackView {
  try {
    return viewOf(pack, bytes);
  } catch (error) {
    if (error instanceof DeviceError) throw packRefused(packProblem(error));
    throw error;
  }
}

/** All labels, in one pass: a forged pack may say that it has billions. */
function labelsOf(pack: ModelPack): string[] {
  const labels: string[] = [];
  let at = pack.field(PackHeader.LABELS);
  for (let i = 0; i < pack.labelCount; i++) {
    const length = pack.bytes(at, 1)[0]!;
    labels.push(length > 0 ? asciiText(pack.bytes(at + 1, length), 0, length) : "");
    at += 1 + length;
  }
  return labels;
}

function viewOf(pack: ModelPack, bytes: Uint8Array): PackView {
  return {
    modelId: pack.modelId.toString(16).padStart(8, "0"),
    modelVersion: pack.modelVersion,
    rounding: (pack.field(PackHeader.TYPES) >>> 16) & 255 ? "xnnpack" : "tflm",
    kernels: packKernels(bytes),
    operators: pack.field(PackHeader.OPERATOR_COUNT),
    totalBytes: pack.totalBytes,
    arenaBytes: pack.arenaBytes,
    scratchBytes: pack.scratchBytes,
    inputBytes: pack.field(PackHeader.INPUT_BYTES),
    inputScale: pack.inputScale,
    inputZeroPoint: pack.inputZeroPoint,
    outputBytes: pack.field(PackHeader.OUTPUT_BYTES),
    outputScale: pack.outputScale,
    outputZeroPoint: pack.outputZeroPoint,
    labels: labelsOf(pack),
    goldenVectors: pack.field(PackHeader.GOLDEN_COUNT),
  };
}
