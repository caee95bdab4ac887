import type { ElementType } from "../../lib/nn/pack-format.js";
import { PackFormat, PackHeader } from "../../lib/nn/pack-format.js";
import { crc32 } from "../../lib/core/crc32.js";
import { modelTooBig } from "../errors/model.js";
import { operatorNamed } from "./kernels.js";
import type { LoweredModel, LoweredOperator, Parameter } from "./lowered.js";
import type { MemoryPlan } from "./memory-plan.js";
import { placeConstants, type Constant } from "./pack-layout.js";

/** What a pack says of its model besides the operators. */
export interface PackDescription {
  readonly version: number;
  readonly input: TensorDescription;
  readonly output: TensorDescription;
  readonly labels: readonly string[];
  /** Inputs with the outputs the model must give for them. */
  readonly goldens: readonly { readonly input: Uint8Array; readonly output: Uint8Array }[];
  /** 0 tflm, 1 xnnpack. */
  readonly rounding: number;
}

/** The model's input or output as the application sees it. */
export interface TensorDescription {
  readonly type: ElementType;
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Writes a `.smod` file (docs/model-pack.md). The same model gives the same bytes. */
export function writePack(model: LoweredModel, plan: MemoryPlan, description: PackDescription): Uint8Array {
  const offsets = valueOffsets(plan);
  const listed = listedOperators(model);
  // A model that only names its input anew has no operator, and a device takes no empty list.
  const words = Math.max(
    1,
    listed.reduce((sum, { parameters }) => sum + 1 + parameters.length, 0),
  );
  const goldens = joined(description.goldens.flatMap(({ input, output }) => [input, output]));
  const labels = joined(description.labels.map(labelBytes));
  const list: Constant = { bytes: new Uint8Array(words * 4), alignment: 4, shareable: false };
  const goldenBlob: Constant = { bytes: goldens, alignment: 8 };
  const labelBlob: Constant = { bytes: labels, alignment: 1 };
  const constants = model.operators.flatMap(({ parameters }) =>
    parameters.filter((parameter) => parameter.kind === "constant"),
  );
  const layout = placeConstants([list, ...constants, goldenBlob, labelBlob]);
  writeOperators(listed, list.bytes, (parameter) => {
    if (parameter.kind === "constant") return layout.positionOf(parameter.bytes);
    if (parameter.kind === "value") return offsets.get(parameter.id)! + parameter.offset;
    return parameter.kind === "scratch" ? parameter.offset : parameter.value;
  });
  const pack = new Uint8Array(layout.totalBytes);
  const view = new DataView(pack.buffer);
  const u32 = (at: PackHeader, value: number): void => view.setUint32(at, value, true);
  u32(PackHeader.MAGIC, PackFormat.MAGIC);
  view.setUint16(PackHeader.VERSION, PackFormat.MAJOR, true);
  view.setUint16(PackHeader.VERSION + 2, PackFormat.MINOR, true);
  u32(PackHeader.TOTAL_BYTES, pack.length);
  u32(PackHeader.MODEL_VERSION, description.version);
  u32(PackHeader.ARENA_BYTES, plan.arenaBytes);
  u32(PackHeader.SCRATCH_BYTES, plan.scratchBytes);
  u32(PackHeader.OPERATORS, layout.positionOf(list.bytes));
  u32(PackHeader.OPERATOR_WORDS, words);
  u32(PackHeader.OPERATOR_COUNT, listed.length);
  u32(PackHeader.INPUT, offsets.get(model.input)!);
  u32(PackHeader.INPUT_BYTES, model.values[model.input]!.bytes);
  u32(PackHeader.OUTPUT, offsets.get(model.output)!);
  u32(PackHeader.OUTPUT_BYTES, model.values[model.output]!.bytes);
  pack.set([description.input.type, description.output.type, description.rounding, 0], PackHeader.TYPES);
  view.setInt32(PackHeader.INPUT_ZERO_POINT, description.input.zeroPoint, true);
  view.setInt32(PackHeader.OUTPUT_ZERO_POINT, description.output.zeroPoint, true);
  u32(PackHeader.GOLDENS, layout.positionOf(goldens));
  view.setFloat64(PackHeader.INPUT_SCALE, description.input.scale, true);
  view.setFloat64(PackHeader.OUTPUT_SCALE, description.output.scale, true);
  u32(PackHeader.GOLDEN_COUNT, description.goldens.length);
  u32(PackHeader.LABELS, layout.positionOf(labels));
  u32(PackHeader.LABEL_COUNT, description.labels.length);
  u32(PackHeader.SEGMENT_COUNT, layout.segments);
  layout.copyInto(pack);
  seal(pack, layout.segments);
  return pack;
}

function valueOffsets(plan: MemoryPlan): Map<number, number> {
  return new Map(plan.places.flatMap(({ values, offset }) => values.map((id) => [id, offset] as const)));
}

/** The operators in order, after the one that brings the exact form of requantization where a channel needs it. */
function listedOperators(model: LoweredModel): readonly Pick<LoweredOperator, "code" | "parameters">[] {
  const { code } = operatorNamed("EXACT_REQUANTIZE");
  return model.fits.exact > 0 ? [{ code, parameters: [] }, ...model.operators] : model.operators;
}

function writeOperators(
  operators: ReturnType<typeof listedOperators>,
  bytes: Uint8Array,
  resolve: (parameter: Parameter) => number,
): void {
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { code, parameters } of operators) {
    view.setUint32(at, (parameters.length << 8) | code, true);
    parameters.forEach((parameter, index) => view.setInt32(at + 4 + index * 4, resolve(parameter), true));
    at += 4 + parameters.length * 4;
  }
}

/** Fills in the CRC of every segment, then that of the header, which is the model id. */
export function seal(pack: Uint8Array, segments: number): void {
  const view = new DataView(pack.buffer, pack.byteOffset, pack.length);
  const headerBytes = PackFormat.FIXED_HEADER_BYTES + 4 * segments;
  for (let i = 0; i < segments; i++) {
    const start = i ? i * PackFormat.SEGMENT_BYTES : headerBytes;
    const end = Math.min(pack.length, (i + 1) * PackFormat.SEGMENT_BYTES);
    view.setUint32(PackFormat.FIXED_HEADER_BYTES + 4 * i, crc32(pack.subarray(start, end)), true);
  }
  view.setUint32(PackHeader.CRC, crc32(pack.subarray(PackHeader.VERSION, headerBytes)), true);
}

function labelBytes(label: string): Uint8Array {
  return Uint8Array.of(label.length, ...Buffer.from(label, "latin1"));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(Buffer.concat(parts));
  if (bytes.length > PackFormat.SEGMENT_BYTES / 2)
    throw modelTooBig(`Labels or golden vectors take ${bytes.length} bytes`);
  return bytes;
}
