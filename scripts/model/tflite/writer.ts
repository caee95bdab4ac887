import { Builder } from "flatbuffers";
import {
  TENSOR_TYPE_CODES,
  type ModelDescription,
  type OperatorDescription,
  type OptionValue,
  type TensorDescription,
  type TensorQuantization,
} from "./writer-model.js";
import { operatorSchema, type OptionField } from "./writer-operators.js";

const SCHEMA_VERSION = 3;
const BUFFER_ALIGNMENT = 16;

/**
 * Writes a `.tflite` file with one subgraph. The same description gives the same bytes.
 * Source of the layout: tensorflow/lite/schema/schema.fbs.
 * @throws RangeError where an index, a constant's size or an option's name does not fit the description
 */
export function writeTflite(model: ModelDescription): Uint8Array {
  const builder = new Builder(1024);
  const codes: { key: string; operator: OperatorDescription }[] = [];
  for (const operator of model.operators) {
    const key = codeKey(operator);
    if (!codes.some((code) => code.key === key)) codes.push({ key, operator });
  }
  const buffers = [emptyBuffer(builder), ...model.tensors.map((tensor) => writeBuffer(builder, tensor))];
  const tensors = model.tensors.map((tensor, index) => writeTensor(builder, tensor, index + 1));
  const operators = model.operators.map((operator) => {
    for (const tensor of [...operator.inputs, ...operator.outputs]) checkTensor(model, tensor, -1);
    return writeOperator(
      builder,
      operator,
      codes.findIndex((code) => code.key === codeKey(operator)),
    );
  });
  for (const tensor of [...model.inputs, ...model.outputs]) checkTensor(model, tensor, 0);
  const subgraph = writeSubgraph(builder, model, tensors, operators);
  const subgraphs = offsets(builder, [subgraph]);
  const operatorCodes = offsets(
    builder,
    codes.map(({ operator }) => writeOperatorCode(builder, operator)),
  );
  const bufferVector = offsets(builder, buffers);
  const description = builder.createString(model.description ?? "Sertao");
  builder.startObject(8);
  builder.addFieldInt32(0, SCHEMA_VERSION, 0);
  builder.addFieldOffset(1, operatorCodes, 0);
  builder.addFieldOffset(2, subgraphs, 0);
  builder.addFieldOffset(3, description, 0);
  builder.addFieldOffset(4, bufferVector, 0);
  builder.finish(builder.endObject(), "TFL3");
  return builder.asUint8Array().slice();
}

function codeKey(operator: OperatorDescription): string {
  return `${operator.operator}:${versionOf(operator)}`;
}

function versionOf(operator: OperatorDescription): number {
  return operator.version ?? operatorSchema(operator.operator).version;
}

function checkTensor(model: ModelDescription, index: number, least: number): void {
  if (!(index >= least && index < model.tensors.length)) throw new RangeError(`tensor ${index} does not exist`);
}

function writeOperatorCode(builder: Builder, operator: OperatorDescription): number {
  const { code } = operatorSchema(operator.operator);
  builder.startObject(4);
  builder.addFieldInt8(0, Math.min(code, 127), 0);
  builder.addFieldInt32(2, versionOf(operator), 1);
  builder.addFieldInt32(3, code, 0);
  return builder.endObject();
}

function emptyBuffer(builder: Builder): number {
  builder.startObject(1);
  return builder.endObject();
}

function writeBuffer(builder: Builder, tensor: TensorDescription): number {
  if (tensor.data === undefined) return emptyBuffer(builder);
  const elements = tensor.shape.reduce((product, size) => product * size, 1);
  const { data } = tensor;
  if (data.byteLength !== elements * elementBytes(tensor.type)) {
    throw new RangeError(`${tensor.name}: ${data.byteLength} bytes do not fill ${tensor.type}[${tensor.shape.join()}]`);
  }
  builder.prep(BUFFER_ALIGNMENT, data.byteLength);
  const vector = builder.createByteVector(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  builder.startObject(1);
  builder.addFieldOffset(0, vector, 0);
  return builder.endObject();
}

function elementBytes(type: TensorDescription["type"]): number {
  return type === "int64" ? 8 : type === "float32" || type === "int32" ? 4 : type === "int16" ? 2 : 1;
}

function writeTensor(builder: Builder, tensor: TensorDescription, buffer: number): number {
  const shape = int32s(builder, tensor.shape);
  const name = builder.createString(tensor.name);
  const quantization = writeQuantization(builder, tensor.quantization);
  builder.startObject(9);
  builder.addFieldOffset(0, shape, 0);
  builder.addFieldInt8(1, TENSOR_TYPE_CODES[tensor.type], 0);
  builder.addFieldInt32(2, buffer, 0);
  builder.addFieldOffset(3, name, 0);
  builder.addFieldOffset(4, quantization, 0);
  builder.addFieldInt8(5, tensor.isVariable ? 1 : 0, 0);
  return builder.endObject();
}

function writeQuantization(builder: Builder, quantization: TensorQuantization | undefined): number {
  if (quantization === undefined) return 0;
  const { min, max, scale, zeroPoint, dimension } = quantization;
  if (scale.length !== zeroPoint.length) throw new RangeError("each scale needs its zero point");
  const minVector = min === undefined ? 0 : float32s(builder, min);
  const maxVector = max === undefined ? 0 : float32s(builder, max);
  const scales = float32s(builder, scale);
  builder.startVector(8, zeroPoint.length, 8);
  for (const value of [...zeroPoint].reverse()) builder.addInt64(BigInt(value));
  const zeroPoints = builder.endVector();
  builder.startObject(7);
  builder.addFieldOffset(0, minVector, 0);
  builder.addFieldOffset(1, maxVector, 0);
  builder.addFieldOffset(2, scales, 0);
  builder.addFieldOffset(3, zeroPoints, 0);
  builder.addFieldInt32(6, dimension ?? 0, 0);
  return builder.endObject();
}

function writeOperator(builder: Builder, operator: OperatorDescription, codeIndex: number): number {
  const { options } = operatorSchema(operator.operator);
  const given = operator.options ?? {};
  const fields = options?.fields ?? [];
  for (const name of Object.keys(given)) {
    if (!fields.some((field) => field.name === name)) {
      throw new RangeError(`${operator.operator} has no option ${name}`);
    }
  }
  const table = options === undefined ? 0 : writeOptions(builder, fields, given);
  const inputs = int32s(builder, operator.inputs);
  const outputs = int32s(builder, operator.outputs);
  builder.startObject(9);
  builder.addFieldInt32(0, codeIndex, 0);
  builder.addFieldOffset(1, inputs, 0);
  builder.addFieldOffset(2, outputs, 0);
  builder.addFieldInt8(3, options?.type ?? 0, 0);
  builder.addFieldOffset(4, table, 0);
  return builder.endObject();
}

function writeOptions(
  builder: Builder,
  fields: readonly OptionField[],
  given: Readonly<Record<string, OptionValue>>,
): number {
  const vectors = fields.map(({ name }) => {
    const value = given[name];
    return Array.isArray(value) ? int32s(builder, value as readonly number[]) : 0;
  });
  builder.startObject(Math.max(fields.length, 1));
  fields.forEach(({ name, kind, standard }, slot) => {
    const value = Number(Array.isArray(given[name]) ? 0 : (given[name] ?? standard));
    if (kind === "int32[]") builder.addFieldOffset(slot, vectors[slot]!, 0);
    else if (kind === "int32") builder.addFieldInt32(slot, value, standard);
    else if (kind === "float32") builder.addFieldFloat32(slot, value, standard);
    else builder.addFieldInt8(slot, value, standard);
  });
  return builder.endObject();
}

function writeSubgraph(builder: Builder, model: ModelDescription, tensors: number[], operators: number[]): number {
  const tensorVector = offsets(builder, tensors);
  const inputs = int32s(builder, model.inputs);
  const outputs = int32s(builder, model.outputs);
  const operatorVector = offsets(builder, operators);
  const name = builder.createString("main");
  builder.startObject(5);
  builder.addFieldOffset(0, tensorVector, 0);
  builder.addFieldOffset(1, inputs, 0);
  builder.addFieldOffset(2, outputs, 0);
  builder.addFieldOffset(3, operatorVector, 0);
  builder.addFieldOffset(4, name, 0);
  return builder.endObject();
}

function offsets(builder: Builder, values: readonly number[]): number {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addOffset(value);
  return builder.endVector();
}

function int32s(builder: Builder, values: readonly number[]): number {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addInt32(value);
  return builder.endVector();
}

function float32s(builder: Builder, values: readonly number[]): number {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addFloat32(value);
  return builder.endVector();
}
