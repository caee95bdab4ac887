import { modelTooBig, notTflite, operatorUnsupported, tfliteCorrupt } from "../../errors/model.js";
import { BUILTIN_OPERATORS } from "./builtin-operators.js";
import { FlatTable } from "./flat-table.js";
import {
  elementBytes,
  TENSOR_TYPES,
  type TfliteModel,
  type TfliteOperator,
  type TfliteTensor,
} from "./tflite-model.js";

const GREATEST_FILE_BYTES = 16 * 1024 * 1024;
const GREATEST_ELEMENTS = 1 << 23;
const GREATEST_RANK = 8;
const CUSTOM = 32;

/** True where the bytes carry the file identifier of a `.tflite` file. */
export function isTflite(bytes: Uint8Array): boolean {
  return bytes.length > 8 && String.fromCharCode(...bytes.subarray(4, 8)) === "TFL3";
}

/**
 * Reads a `.tflite` file: tables, tensors, operators, in file order. Everything that later code relies on is checked:
 * indexes, shapes, sizes of constants, and that operators come after what they read.
 * @throws SertaoError MODEL_NOT_TFLITE, MODEL_CORRUPT, MODEL_TOO_BIG, MODEL_OPERATOR_UNSUPPORTED
 */
export function readTflite(bytes: Uint8Array, name = "The file"): TfliteModel {
  if (!isTflite(bytes)) throw notTflite(name);
  if (bytes.length > GREATEST_FILE_BYTES) throw modelTooBig(`The file has ${bytes.length} bytes`);
  const root = FlatTable.root(bytes);
  const subgraphs = root.tables(2);
  const graph = subgraphs[0];
  if (graph === undefined) throw tfliteCorrupt("it has no subgraph");
  if (subgraphs.length > 1) throw operatorUnsupported("The model", "it has more than one subgraph");
  const buffers = root.tables(4).map((table) => table.bytes(0));
  const tensors = graph.tables(0).map((table, index) => readTensor(table, index, buffers));
  const codes = root.tables(1).map(readCode);
  const operators = graph.tables(3).map((table, index) => readOperator(table, index, codes, tensors.length));
  const inputs = graph.int32s(1);
  const outputs = graph.int32s(2);
  for (const index of [...inputs, ...outputs]) checkIndex(index, tensors.length, "the graph");
  const model = { description: root.text(3), tensors, operators, inputs, outputs };
  checkOrder(model);
  return model;
}

function readTensor(table: FlatTable, index: number, buffers: (Uint8Array | undefined)[]): TfliteTensor {
  const name = table.text(3) || `tensor ${index}`;
  const shape = table.int32s(0);
  if (shape.length > GREATEST_RANK) throw tfliteCorrupt(`${name} has ${shape.length} dimensions`);
  // A dynamic size is -1 in shape_signature only; the shape itself then has the size the model was exported with.
  const elements = shape.reduce((product, size) => product * size, 1);
  if (shape.some((size) => size < 1)) throw tfliteCorrupt(`${name} has shape [${shape.join()}]`);
  if (elements > GREATEST_ELEMENTS) throw modelTooBig(`${name} has ${elements} elements`);
  const type = TENSOR_TYPES[table.int8(1, 0)];
  if (type === undefined) throw tfliteCorrupt(`${name} has element type ${table.int8(1, 0)}`);
  const bufferIndex = table.int32(2, 0);
  if (!(bufferIndex >= 0 && bufferIndex < buffers.length)) throw tfliteCorrupt(`${name} uses buffer ${bufferIndex}`);
  const buffer = buffers[bufferIndex];
  const data = buffer === undefined || buffer.length === 0 ? undefined : buffer;
  if (data !== undefined && type !== "string" && type !== "int4" && data.length !== elements * elementBytes(type)) {
    throw tfliteCorrupt(`${name} has ${data.length} bytes for shape [${shape.join()}] of ${type}`);
  }
  const quantization = table.table(4);
  const scales = quantization?.float32s(2) ?? [];
  const zeroPoints = quantization?.int64s(3) ?? [];
  if (zeroPoints.length !== scales.length) throw tfliteCorrupt(`${name} has scales without zero points`);
  const dimension = quantization?.int32(6, 0) ?? 0;
  return { index, name, type, shape, elements, data, scales, zeroPoints, dimension, isVariable: table.bool(5) };
}

interface Code {
  readonly name: string;
  readonly version: number;
}

function readCode(table: FlatTable): Code {
  // Old files have the code in a byte; new ones put 127 there and the code elsewhere.
  const code = Math.max(table.int8(0, 0), table.int32(3, 0));
  const custom = code === CUSTOM ? ` ${table.text(1)}` : "";
  return { name: (BUILTIN_OPERATORS[code] ?? `builtin operator ${code}`) + custom, version: table.int32(2, 1) };
}

function readOperator(table: FlatTable, index: number, codes: Code[], tensorCount: number): TfliteOperator {
  const code = codes[table.int32(0, 0)];
  if (code === undefined) throw tfliteCorrupt(`operator ${index} has no operator code`);
  const inputs = table.int32s(1);
  const outputs = table.int32s(2);
  for (const input of inputs) if (input !== -1) checkIndex(input, tensorCount, `operator ${index}`);
  for (const output of outputs) checkIndex(output, tensorCount, `operator ${index}`);
  return { index, ...code, inputs, outputs, options: table.table(4) };
}

function checkIndex(index: number, count: number, where: string): void {
  if (!(index >= 0 && index < count)) throw tfliteCorrupt(`${where} uses tensor ${index} of ${count}`);
}

/** Operators are stored in the order they run: whatever reads a tensor before it is written is a cycle or a gap. */
function checkOrder({ tensors, operators, inputs, outputs }: TfliteModel): void {
  const known = new Set(inputs);
  for (const tensor of tensors) if (tensor.data !== undefined || tensor.isVariable) known.add(tensor.index);
  for (const operator of operators) {
    for (const input of operator.inputs) {
      if (input !== -1 && !known.has(input)) {
        throw tfliteCorrupt(`operator ${operator.index} reads ${tensors[input]!.name} before anything writes it`);
      }
    }
    for (const output of operator.outputs) {
      if (known.has(output)) throw tfliteCorrupt(`operator ${operator.index} writes ${tensors[output]!.name} again`);
      known.add(output);
    }
  }
  for (const output of outputs) {
    if (!known.has(output)) throw tfliteCorrupt(`nothing writes the output ${tensors[output]!.name}`);
  }
}
