import type { SeededRandom } from "../readings/seeded-random.js";
import type {
  ModelDescription,
  OperatorDescription,
  OptionValue,
  TensorDescription,
} from "../model/tflite/writer-model.js";
import { writeTflite } from "../model/tflite/writer.js";
import { EXTREMES, oneOf } from "./damage.js";

const TYPES = ["float32", "int32", "uint8", "int64", "bool", "int16", "int8"] as const;
const SCALES = [0, -1, 1e-45, 1e-30, 1e30, 3e38, Infinity, NaN, 0.1, 1 / 256];

/**
 * A well-formed file of a model that makes no sense: shapes that no memory holds, tensors that are missing, that read
 * themselves or are written twice, scales and options beyond reason.
 */
export function absurdModel(random: SeededRandom, model: ModelDescription): Uint8Array {
  const draft = {
    tensors: model.tensors.map((tensor) => ({ ...tensor })),
    operators: model.operators.map((operator) => ({ ...operator })),
    inputs: [...model.inputs],
    outputs: [...model.outputs],
  };
  for (let k = 1 + random.below(3); k > 0; k--) oneOf(random, CHANGES)(random, draft);
  return writeTflite({ ...draft, tensors: draft.tensors.map(withFittingData) });
}

interface Draft {
  tensors: TensorDescription[];
  operators: OperatorDescription[];
  inputs: number[];
  outputs: number[];
}

type Change = (random: SeededRandom, draft: Draft) => void;

const reshape: Change = (random, { tensors }) => {
  const index = random.below(tensors.length);
  const shape = [...tensors[index]!.shape];
  if (shape.length > 0 && random.below(4) > 0) shape[random.below(shape.length)] = oneOf(random, EXTREMES);
  else if (random.below(2) > 0) shape.push(oneOf(random, EXTREMES));
  else shape.pop();
  tensors[index] = { ...tensors[index]!, shape };
};

const retype: Change = (random, { tensors }) => {
  const index = random.below(tensors.length);
  tensors[index] = { ...tensors[index]!, type: oneOf(random, TYPES), isVariable: random.below(4) === 0 };
};

const rescale: Change = (random, { tensors }) => {
  const index = random.below(tensors.length);
  const count = oneOf(random, [0, 1, 1, 2, 3, 100]);
  const scale = Array.from({ length: count }, () => oneOf(random, SCALES));
  const zeroPoint = scale.map(() => oneOf(random, [0, 0, 127, -128, 128, -129, 1000, 2 ** 40, -(2 ** 50)]));
  const dimension = oneOf(random, [0, 1, 3, -1, 7]);
  tensors[index] = { ...tensors[index]!, quantization: { scale, zeroPoint, dimension } };
};

const uncover: Change = (random, { tensors }) => {
  const index = random.below(tensors.length);
  const { data: _, ...bare } = tensors[index]!;
  tensors[index] = bare;
};

const rewire: Change = (random, { tensors, operators }) => {
  const index = random.below(operators.length);
  const operator = operators[index]!;
  const list = random.below(3) > 0 ? "inputs" : "outputs";
  const wires = [...operator[list]];
  const any = random.below(tensors.length + 1) - 1;
  if (wires.length > 0 && random.below(3) > 0) wires[random.below(wires.length)] = any;
  else if (random.below(2) > 0) wires.push(any);
  else wires.pop();
  operators[index] = { ...operator, [list]: wires };
};

const reorder: Change = (random, { operators }) => {
  const [a, b] = [random.below(operators.length), random.below(operators.length)];
  [operators[a], operators[b]] = [operators[b]!, operators[a]!];
};

const repeat: Change = (random, { operators }) => {
  operators.splice(random.below(operators.length), 0, oneOf(random, operators));
};

const tune: Change = (random, { operators }) => {
  const index = random.below(operators.length);
  const operator = operators[index]!;
  const names = Object.keys(operator.options ?? {});
  if (names.length === 0) return;
  const options: Record<string, OptionValue> = { ...operator.options };
  options[oneOf(random, names)] = oneOf(random, EXTREMES);
  operators[index] = { ...operator, options };
};

const version: Change = (random, { operators }) => {
  const index = random.below(operators.length);
  operators[index] = { ...operators[index]!, version: oneOf(random, EXTREMES) };
};

const ends: Change = (random, draft) => {
  const list = random.below(2) > 0 ? draft.inputs : draft.outputs;
  if (random.below(3) > 0) list[random.below(list.length)] = random.below(draft.tensors.length);
  else if (random.below(2) > 0) list.push(random.below(draft.tensors.length));
  else list.pop();
};

const CHANGES: readonly Change[] = [
  reshape,
  reshape,
  retype,
  rescale,
  rescale,
  uncover,
  rewire,
  rewire,
  reorder,
  repeat,
  tune,
  tune,
  version,
  ends,
];

const BYTES = { float32: 4, int32: 4, uint8: 1, int64: 8, bool: 1, int16: 2, int8: 1 } as const;

/** The writer insists on constants of the right size: others are left out. */
function withFittingData(tensor: TensorDescription): TensorDescription {
  const elements = tensor.shape.reduce((product, size) => product * size, 1);
  if (tensor.data === undefined || tensor.data.byteLength === elements * BYTES[tensor.type]) return tensor;
  const { data: _, ...bare } = tensor;
  return bare;
}
