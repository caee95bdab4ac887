import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { Clock } from "../hal/clock.js";
import type { NativePrimitives } from "../hal/native-primitives.js";
import type { ModelPack } from "./model-pack.js";
import { OperatorContext } from "./operator-context.js";
import type { OpResolver } from "./op-resolver.js";
import type { Kernel } from "./operator.js";
import { PackHeader } from "./pack-format.js";
import { viewOf } from "./view.js";

const enum Limit {
  /** More than any board here has; a pack that asks for more is refused before the engine is asked. */
  BUFFER_BYTES = 8388608,
}

/** Runs a model. After `prepare()`, which makes the tensors, nothing is allocated, parsed or checked any more. */
export class Interpreter {
  /** The model's input tensor: a view into the arena, overwritten while the model runs. */
  input!: Int8Array;
  /** The model's output tensor: a view into the arena, valid until the next run. */
  output!: Int8Array;
  /** All activations. Where each operator's output is, the compiler knows. */
  tensorArena!: Int8Array;
  private readonly _kernels: Kernel[] = [];
  private _at = 0;
  private _row = 0;

  constructor(
    readonly pack: ModelPack,
    private readonly _operators: OpResolver,
    private readonly _native?: NativePrimitives,
  ) {}

  /**
   * Allocates the tensor arena and prepares every operator.
   * @throws DeviceError PACK_OPERATOR_MISSING (detail: the operator's code), PACK_STRUCTURE
   */
  prepare(): void {
    const pack = this.pack;
    const arena = [this._allocate(pack.field(PackHeader.ARENA_BYTES))];
    const words = pack.field(PackHeader.OPERATOR_WORDS);
    const context = new OperatorContext(
      pack.pieces,
      viewOf(pack.pieces, Int32Array, 4, pack.field(PackHeader.OPERATORS), words),
      arena,
      [this._allocate(pack.field(PackHeader.SCRATCH_BYTES))],
      this._native,
    );
    for (let i = pack.field(PackHeader.OPERATOR_COUNT); i > 0; i--) {
      const head = context.int();
      const end = context.at + (head >>> 8);
      const kernel = this._find(head & 255).prepare(context);
      if (kernel) this._kernels.push(kernel);
      if (context.at !== end) context.fail();
    }
    this.tensorArena = new Int8Array(arena[0]!);
    this.input = this._tensor(arena, PackHeader.INPUT);
    this.output = this._tensor(arena, PackHeader.OUTPUT);
  }

  /** Runs the model from beginning to end. Returns ErrorCode.OK. */
  invoke(): number {
    const kernels = this._kernels;
    for (let i = 0; i < kernels.length; i++) {
      const kernel = kernels[i]!;
      kernel.run(0, kernel.rows);
    }
    this._at = this._row = 0;
    return ErrorCode.OK;
  }

  /** Operators of the prepared model. */
  operatorCount(): number {
    return this._kernels.length;
  }

  /** Runs one operator from beginning to end, for tools that look at every tensor. */
  runOperator(index: number): void {
    const kernel = this._kernels[index]!;
    kernel.run(0, kernel.rows);
  }

  /**
   * Goes on with the model for about `budgetMs`, one row of one operator too long at most. The input must not change
   * between the first step and the last.
   * @returns true where the model has come to its end; the next step then begins anew
   */
  step(budgetMs: number, clock: Clock): boolean {
    const kernels = this._kernels;
    const end = clock.nowMs() + budgetMs;
    while (this._at < kernels.length) {
      const kernel = kernels[this._at]!;
      kernel.run(this._row, this._row + 1);
      if (++this._row >= kernel.rows) {
        this._row = 0;
        this._at++;
      }
      if (clock.nowMs() >= end) break;
    }
    if (this._at < kernels.length) return false;
    this._at = 0;
    return true;
  }

  /** Runs the pack's golden inputs; true where every output has exactly the expected bytes. */
  selfTest(): boolean {
    const pack = this.pack;
    const input = this.input;
    const output = this.output;
    let at = pack.field(PackHeader.GOLDENS);
    for (let k = pack.field(PackHeader.GOLDEN_COUNT); k > 0; k--) {
      input.set(pack.bytes(at, input.length));
      this.invoke();
      const expected = pack.bytes((at += input.length), output.length);
      for (let i = 0; i < output.length; i++) if ((output[i]! & 255) !== expected[i]) return false;
      at += output.length;
    }
    return true;
  }

  private _find(code: number): OpResolver[number] {
    const operators = this._operators;
    for (let i = 0; i < operators.length; i++) if (operators[i]!.code === code) return operators[i]!;
    throw new DeviceError(ErrorCode.PACK_OPERATOR_MISSING, code);
  }

  private _tensor(arena: readonly ArrayBuffer[], field: PackHeader): Int8Array {
    return viewOf(arena, Int8Array, 1, this.pack.field(field), this.pack.field(field + 4));
  }

  /** A zeroed buffer, flat where the engine can tell: native loops over a scattered one are thirty times slower. */
  private _allocate(bytes: number): ArrayBuffer {
    if (bytes > Limit.BUFFER_BYTES) throw new DeviceError(ErrorCode.PACK_TOO_BIG, bytes);
    return this._native ? this._native.allocate(bytes) : new ArrayBuffer(bytes);
  }
}
