import { asciiText } from "../../lib/core/bytes.js";
import { DeviceError } from "../../lib/core/device-error.js";
import { PackHeader } from "../../lib/nn/pack-format.js";
import type { ModelPack } from "../../lib/nn/model-pack.js";
import { packRefused } from "../errors/model.js";
import { packElementType } from "./layers/layer.js";
import { packProblem } from "./model-file.js";
import { packOperators, type PackOperator } from "./pack-operators.js";

/** What a model pack says of itself. */
export interface PackView {
  readonly modelId: string;
  readonly modelVersion: number;
  readonly formatVersion: string;
  readonly rounding: string;
  /** Names of the operators that a firmware needs for it. */
  readonly kernels: readonly string[];
  readonly totalBytes: number;
  readonly segments: number;
  readonly arenaBytes: number;
  readonly scratchBytes: number;
  readonly inputType: string;
  readonly inputBytes: number;
  readonly inputScale: number;
  readonly inputZeroPoint: number;
  readonly outputType: string;
  readonly outputBytes: number;
  readonly outputScale: number;
  readonly outputZeroPoint: number;
  readonly labels: readonly string[];
  readonly goldenVectors: number;
  readonly featureBytes: number;
  readonly operators: readonly PackOperator[];
}

/**
 * Reads header, labels and operator list of a pack.
 * @throws SertaoError MODEL_PACK_REFUSED where they contradict the rest
 */
export function packView(pack: ModelPack): PackView {
  try {
    return viewOf(pack);
  } catch (error) {
    if (error instanceof DeviceError) throw packRefused(packProblem(error));
    throw error;
  }
}

/** All labels, in one pass: a forged pack may say that it has billions. */
function labelsOf(pack: ModelPack): string[] {
  const labels: string[] = [];
  let at = pack.field(PackHeader.LABELS);
  for (let i = 0; i < pack.field(PackHeader.LABEL_COUNT); i++) {
    const length = pack.bytes(at, 1)[0]!;
    labels.push(length > 0 ? asciiText(pack.bytes(at + 1, length), 0, length) : "");
    at += 1 + length;
  }
  return labels;
}

function viewOf(pack: ModelPack): PackView {
  const operators = packOperators(pack);
  const version = pack.field(PackHeader.VERSION);
  return {
    modelId: pack.modelId.toString(16).padStart(8, "0"),
    modelVersion: pack.modelVersion,
    formatVersion: `${version & 65535}.${version >>> 16}`,
    rounding: (pack.field(PackHeader.TYPES) >>> 16) & 255 ? "xnnpack" : "tflm",
    kernels: [...new Set(operators.map(({ kernel }) => kernel))],
    totalBytes: pack.totalBytes,
    segments: pack.field(PackHeader.SEGMENT_COUNT),
    arenaBytes: pack.field(PackHeader.ARENA_BYTES),
    scratchBytes: pack.field(PackHeader.SCRATCH_BYTES),
    inputType: packElementType(pack, "input"),
    inputBytes: pack.field(PackHeader.INPUT_BYTES),
    inputScale: pack.inputScale,
    inputZeroPoint: pack.inputZeroPoint,
    outputType: packElementType(pack, "output"),
    outputBytes: pack.field(PackHeader.OUTPUT_BYTES),
    outputScale: pack.outputScale,
    outputZeroPoint: pack.outputZeroPoint,
    labels: labelsOf(pack),
    goldenVectors: pack.field(PackHeader.GOLDEN_COUNT),
    featureBytes: pack.field(PackHeader.FEATURE_BYTES),
    operators,
  };
}
