import type { OperatorContext } from "./operator-context.js";

/** One operator of a model, ready to run: its views exist, its bounds are checked. */
export interface Kernel {
  /** The smallest pieces of work the operator can be stopped between. */
  readonly rows: number;
  /** Does rows [from, to), in order. Allocates nothing. */
  run(from: number, to: number): void;
}

/** How one kind of operator is run. */
export interface Operator {
  /**
   * The number that names it in a pack: wire format, 1 to 255, never reused. Forms for one
   * backend that read another layout have codes above 63.
   */
  readonly code: number;
  /** Reads its parameters and makes its views; throws DeviceError where the pack does not fit itself. */
  prepare(context: OperatorContext): Kernel | undefined;
}
