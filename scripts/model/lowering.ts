import type { BackendName } from "../../boards/board.js";
import { operatorNamed } from "./kernels.js";
import { modelInterface, operatorUnsupported } from "../errors/model.js";
import type { FitCounts, LoweredModel, LoweredOperator, Parameter, Value } from "./lowered.js";
import type { PlanName } from "./plan.js";
import { requantization, type Requantization, type RequantizationRequest } from "./requantize/requantization.js";
import type { Rounding } from "./rounding.js";
import {
  elementBytes,
  type TensorType,
  type TfliteModel,
  type TfliteOperator,
  type TfliteTensor,
} from "./tflite/tflite-model.js";

export interface LoweringOptions {
  readonly rounding: Rounding;
  /** Whose fastest forms to use. */
  readonly backend: BackendName;
  /** Whether native forms may take memory to be faster. */
  readonly plan: PlanName;
  /** Whether weights may be stored two in one number, which doubles their bytes. */
  readonly packed: boolean;
  /** Bytes of scratch memory that a native form may use to do more at one time. */
  readonly scratchBudget: number;
  /** Requantizes every channel in the exact integer form: for tests and measurements. */
  readonly exactOnly?: boolean;
}

/** How one operator of TensorFlow Lite becomes operators of the device. */
export interface OperatorLowering {
  readonly name: string;
  /** Greatest version of the operator whose meaning is known. */
  readonly version: number;
  lower(node: Node): void;
}

/** Everything of an emitted operator that is not the same for all. */
export interface Emission {
  readonly kernel: string;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  readonly parameters: readonly Parameter[];
  readonly inPlace?: number;
  readonly scratchBytes?: number;
  readonly keptVars?: number;
  readonly passingVars?: number;
  readonly macs?: number;
  readonly outputs: number;
}

/** One model in the making: its values, its operators so far. */
export class Lowering {
  readonly values: Value[] = [];
  readonly operators: LoweredOperator[] = [];
  readonly fits: FitCounts = { single: 0, split: 0, exact: 0 };
  readonly #byTensor = new Map<number, number>();

  constructor(
    readonly model: TfliteModel,
    readonly options: LoweringOptions,
  ) {}

  /** The value of an activation tensor, made when first asked for. */
  value(tensor: TfliteTensor): number {
    const known = this.#byTensor.get(tensor.index);
    if (known !== undefined) return known;
    const id = this.values.length;
    const alignment = elementBytes(tensor.type);
    this.values.push({ id, name: tensor.name, bytes: tensor.elements * alignment, alignment });
    this.#byTensor.set(tensor.index, id);
    return id;
  }

  /** Makes two tensors one value: a reshape does no work. */
  alias(output: TfliteTensor, input: TfliteTensor): void {
    this.#byTensor.set(output.index, this.value(input));
  }

  /** A value that no tensor of the model stands for. */
  temporary(name: string, bytes: number): number {
    const id = this.values.length;
    this.values.push({ id, name, bytes, alignment: 1 });
    return id;
  }

  emit(node: number, emission: Emission): void {
    const { code } = operatorNamed(emission.kernel);
    const nothing = { inPlace: undefined, scratchBytes: 0, keptVars: 0, passingVars: 0, macs: 0 };
    this.operators.push({ ...nothing, ...emission, code, node });
  }

  /** Fits a layer's requantization, in the rounding that the model is compiled for where the request names none. */
  requantization(request: Omit<RequantizationRequest, "rounding"> & { readonly rounding?: Rounding }): Requantization {
    const { rounding, exactOnly = false } = this.options;
    const result = requantization({ rounding, exactOnly, ...request });
    for (const { fit } of result.channels) {
      this.fits[fit === undefined ? "exact" : fit.positive === fit.negative ? "single" : "split"]++;
    }
    return result;
  }

  finish(): LoweredModel {
    const { inputs, outputs, tensors } = this.model;
    if (inputs.length !== 1 || outputs.length !== 1) throw modelInterface(inputs.length, outputs.length);
    const { values, operators, fits } = this;
    const nodeOutputs = this.model.operators.flatMap(({ index, outputs: [tensor = -1] }) => {
      const value = this.#byTensor.get(tensor);
      return value === undefined ? [] : [{ node: index, tensor, value, bytes: values[value]!.bytes }];
    });
    return {
      values,
      operators,
      fits,
      outputs: nodeOutputs,
      input: this.value(tensors[inputs[0]!]!),
      output: this.value(tensors[outputs[0]!]!),
    };
  }
}

/** One operator of the model, with its tensors, for the code that lowers it. */
export class Node {
  constructor(
    readonly lowering: Lowering,
    readonly operator: TfliteOperator,
  ) {}

  /** How messages call it. */
  get label(): string {
    const { name, index, outputs } = this.operator;
    const output = this.lowering.model.tensors[outputs[0] ?? -1];
    return `${name} (operator ${index}${output === undefined ? "" : `, ${output.name}`})`;
  }

  /** Refuses the model because of this operator. */
  refuse(what: string): never {
    throw operatorUnsupported(this.label, what);
  }

  /** An input, which must be there. */
  input(position: number): TfliteTensor {
    return this.optionalInput(position) ?? this.refuse(`input ${position} is missing`);
  }

  optionalInput(position: number): TfliteTensor | undefined {
    const index = this.operator.inputs[position] ?? -1;
    return index < 0 ? undefined : this.lowering.model.tensors[index];
  }

  /** The only output. */
  output(): TfliteTensor {
    const { outputs } = this.operator;
    if (outputs.length !== 1) this.refuse(`it has ${outputs.length} outputs`);
    return this.lowering.model.tensors[outputs[0]!]!;
  }

  /** The bytes of an input that must be a constant of a type. */
  constantInput(position: number, type: TensorType): Uint8Array {
    const tensor = this.input(position);
    if (tensor.type !== type) this.refuse(`${tensor.name} is ${tensor.type}, not ${type}`);
    return tensor.data ?? this.refuse(`${tensor.name} is not a constant`);
  }

  emit(emission: Emission): void {
    this.lowering.emit(this.operator.index, emission);
  }
}
