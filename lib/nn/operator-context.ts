import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { NativePrimitives } from "../hal/native-primitives.js";
import type { ModelPack } from "./model-pack.js";
import { noExactForm, type ExactForm } from "./requantizer.js";

/**
 * What an operator sees while it prepares: its parameters, in the order the compiler wrote them, and bounds-checked
 * views of arena, scratch and pack. Every view an operator will ever use is made here, so that running checks nothing.
 */
export class OperatorContext {
  /** Set by EXACT_REQUANTIZE, for models that need it. */
  exactForm: ExactForm = noExactForm;
  private _at = 0;
  private _end = 0;

  constructor(
    private readonly _pack: ModelPack,
    private readonly _words: Int32Array,
    private readonly _arena: ArrayBuffer,
    private readonly _scratch: ArrayBuffer,
    readonly native: NativePrimitives | undefined,
  ) {}

  /** Moves to the next operator of the list and returns its code. */
  begin(): number {
    const head = this.int();
    this._end = this._at + (head >>> 8);
    if (this._end > this._words.length) this.fail();
    return head & 255;
  }

  /** Checks that an operator has read all of its parameters. */
  end(): void {
    if (this._at !== this._end) this.fail();
  }

  /** The next parameter. */
  int(): number {
    if (this._at >= this._words.length) this.fail();
    return this._words[this._at++]!;
  }

  /** The next parameter, a count or size that must be at least 1. */
  size(): number {
    const value = this.int();
    if (value < 1) this.fail();
    return value;
  }

  /** `count` bytes of the arena, from the offset that is the next parameter. */
  arena(count: number): Int8Array {
    const at = this._span(count, 1, this._arena.byteLength);
    return new Int8Array(this._arena, at, count);
  }

  /** `count` floats of the arena, from the offset that is the next parameter. */
  arenaFloats(count: number): Float32Array {
    return new Float32Array(this._arena, this._span(count, 4, this._arena.byteLength), count);
  }

  /** `count` 16-bit numbers of the arena, from the offset that is the next parameter. */
  arenaShorts(count: number): Int16Array {
    return new Int16Array(this._arena, this._span(count, 2, this._arena.byteLength), count);
  }

  /** `count` bytes of scratch memory, from the offset that is the next parameter; any operator may overwrite them. */
  scratch(count: number): Int8Array {
    return new Int8Array(this._scratch, this._span(count, 1, this._scratch.byteLength), count);
  }

  /** `count` 32-bit numbers of scratch memory, from the offset that is the next parameter. */
  accumulators(count: number): Int32Array {
    return new Int32Array(this._scratch, this._span(count, 4, this._scratch.byteLength), count);
  }

  /** `count` int8 constants, from the pack position that is the next parameter. */
  int8(count: number): Int8Array {
    const at = this._span(count, 1, this._pack.totalBytes);
    return new Int8Array(this._pack.segment(at, count), this._pack.within(at), count);
  }

  /** `count` unsigned 16-bit constants, from the pack position that is the next parameter. */
  uint16(count: number): Uint16Array {
    const at = this._span(count, 2, this._pack.totalBytes);
    return new Uint16Array(this._pack.segment(at, count * 2), this._pack.within(at), count);
  }

  /** `count` int32 constants, from the pack position that is the next parameter. */
  int32(count: number): Int32Array {
    const at = this._span(count, 4, this._pack.totalBytes);
    return new Int32Array(this._pack.segment(at, count * 4), this._pack.within(at), count);
  }

  /** `count` double constants, from the pack position that is the next parameter. */
  float64(count: number): Float64Array {
    const at = this._span(count, 8, this._pack.totalBytes);
    return new Float64Array(this._pack.segment(at, count * 8), this._pack.within(at), count);
  }

  /** Refuses the pack. */
  fail(): never {
    throw new DeviceError(ErrorCode.PACK_STRUCTURE, this._at);
  }

  private _span(count: number, elementBytes: number, limit: number): number {
    const at = this.int();
    if (at < 0 || count < 1 || at % elementBytes || at + count * elementBytes > limit) this.fail();
    return at;
  }
}
