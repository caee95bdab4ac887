/** A piece of memory that operators write and read: an activation tensor, or several that share their bytes. */
export interface Value {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  /** Bytes an element of it needs to be aligned to. */
  readonly alignment: number;
}

/** One 32-bit parameter of an operator in a pack. */
export type Parameter =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "value"; readonly id: number; readonly offset: number }
  | { readonly kind: "constant"; readonly bytes: Uint8Array; readonly alignment: number }
  | { readonly kind: "scratch"; readonly offset: number };

/** One operator as the device runs it. */
export interface LoweredOperator {
  /** Name in lib/nn/all-operators.ts. */
  readonly kernel: string;
  readonly code: number;
  /** Index of the model's operator that it came from. */
  readonly node: number;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** Value that it may overwrite with its output, where both have the same size and the input is not needed later. */
  readonly inPlace: number | undefined;
  readonly parameters: readonly Parameter[];
  readonly scratchBytes: number;
  /** Lists of views that it keeps between runs, and that it makes and drops in a run, in JsVars of Espruino. */
  readonly keptVars: number;
  readonly passingVars: number;
  readonly macs: number;
  /** Elements it writes. */
  readonly outputs: number;
}

/** How channels are requantized, counted over a model. */
export interface FitCounts {
  /** One addend does. */
  single: number;
  /** One addend for each sign. */
  split: number;
  /** No fit: exact integer form. */
  exact: number;
}

/** Which value the output of one of the model's operators is. */
export interface NodeOutput {
  readonly node: number;
  readonly tensor: number;
  readonly value: number;
  readonly bytes: number;
}

/** A model as the device runs it, before memory is planned. */
export interface LoweredModel {
  readonly values: readonly Value[];
  readonly operators: readonly LoweredOperator[];
  /** For each operator of the model, in order, its first output. */
  readonly outputs: readonly NodeOutput[];
  readonly input: number;
  readonly output: number;
  readonly fits: FitCounts;
  /** Bytes that the engine takes for itself when the model is prepared, besides arena and scratch. */
  readonly engineBytes?: number;
}
