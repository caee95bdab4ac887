import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { Clock } from "../hal/clock.js";
import type { NativePrimitives } from "../hal/native-primitives.js";
import { allocate } from "./allocate.js";
import type { ModelPack } from "./model-pack.js";
import { OperatorContext } from "./operator-context.js";
import type { OpResolver } from "./op-resolver.js";
import type { Kernel } from "./operator.js";
import { PackHeader } from "./pack-format.js";

/** Runs a model. After `prepare()` nothing is allocated, parsed or checked any more. */
export class Interpreter {
  /** The model's input tensor: a view into the arena, overwritten while the model runs. */
  input = new Int8Array(0);
  /** The model's output tensor: a view into the arena, valid until the next run. */
  output = new Int8Array(0);
  /** All activations. Where each operator's output is, the compiler knows. */
  tensorArena = new Int8Array(0);
  readonly inputScale: number;
  readonly inputZeroPoint: number;
  readonly outputScale: number;
  readonly outputZeroPoint: number;
  private readonly _kernels: Kernel[] = [];
  private _at = 0;
  private _row = 0;

  constructor(
    readonly pack: ModelPack,
    private readonly _operators: OpResolver,
    private readonly _native?: NativePrimitives,
  ) {
    this.inputScale = pack.inputScale;
    this.inputZeroPoint = pack.inputZeroPoint;
    this.outputScale = pack.outputScale;
    this.outputZeroPoint = pack.outputZeroPoint;
  }

  /**
   * Allocates the tensor arena and prepares every operator.
   * @throws DeviceError PACK_OPERATOR_MISSING (detail: the operator's code), PACK_STRUCTURE
   */
  prepare(): void {
    const pack = this.pack;
    const arena = allocate(pack.arenaBytes, this._native);
    const scratch = allocate(pack.scratchBytes, this._native);
    const at = pack.field(PackHeader.OPERATORS);
    const words = pack.field(PackHeader.OPERATOR_WORDS);
    if (at % 4) throw new DeviceError(ErrorCode.PACK_STRUCTURE, PackHeader.OPERATORS);
    const list = new Int32Array(pack.segment(at, words * 4), pack.within(at), words);
    const context = new OperatorContext(pack, list, arena, scratch, this._native);
    for (let i = pack.field(PackHeader.OPERATOR_COUNT); i > 0; i--) {
      const kernel = this._find(context.begin()).prepare(context);
      if (kernel) this._kernels.push(kernel);
      context.end();
    }
    this.tensorArena = new Int8Array(arena);
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
      const golden = new Int8Array(pack.segment(at, input.length), pack.within(at), input.length);
      for (let i = 0; i < input.length; i++) input[i] = golden[i]!;
      this.invoke();
      at += input.length;
      const expected = new Int8Array(pack.segment(at, output.length), pack.within(at), output.length);
      for (let i = 0; i < output.length; i++) if (output[i] !== expected[i]) return false;
      at += output.length;
    }
    return true;
  }

  private _find(code: number): OpResolver[number] {
    for (let i = 0; i < this._operators.length; i++) {
      if (this._operators[i]!.code === code) return this._operators[i]!;
    }
    throw new DeviceError(ErrorCode.PACK_OPERATOR_MISSING, code);
  }

  private _tensor(arena: ArrayBuffer, field: PackHeader): Int8Array {
    const at = this.pack.field(field);
    const bytes = this.pack.field(field + 4);
    if (at + bytes > arena.byteLength) throw new DeviceError(ErrorCode.PACK_STRUCTURE, field);
    return new Int8Array(arena, at, bytes);
  }
}
