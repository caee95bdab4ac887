import { PackHeader } from "../../lib/nn/pack-format.js";
import type { ModelPack } from "../../lib/nn/model-pack.js";
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

/** Reads the header of a pack. */
export function packView(pack: ModelPack, bytes: Uint8Array): PackView {
  return {
    modelId: pack.modelId.toString(16).padStart(8, "0"),
    modelVersion: pack.modelVersion,
    rounding: (pack.field(PackHeader.TYPES) >>> 16) & 255 ? "xnnpack" : "tflm",
    kernels: packKernels(bytes),
    operators: pack.field(PackHeader.OPERATOR_COUNT),
    totalBytes: pack.totalBytes,
    arenaBytes: pack.field(PackHeader.ARENA_BYTES),
    scratchBytes: pack.field(PackHeader.SCRATCH_BYTES),
    inputBytes: pack.field(PackHeader.INPUT_BYTES),
    inputScale: pack.inputScale,
    inputZeroPoint: pack.inputZeroPoint,
    outputBytes: pack.field(PackHeader.OUTPUT_BYTES),
    outputScale: pack.outputScale,
    outputZeroPoint: pack.outputZeroPoint,
    labels: Array.from({ length: pack.field(PackHeader.LABEL_COUNT) }, (_, i) => pack.label(i)),
    goldenVectors: pack.field(PackHeader.GOLDEN_COUNT),
  };
}
