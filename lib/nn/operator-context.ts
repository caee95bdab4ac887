import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { NativePrimitives } from "../hal/native-primitives.js";
import type { RequantizeRow } from "./requantizer.js";
import { viewOf } from "./view.js";

/**
 * What an operator sees while it prepares: its parameters, in the order the compiler wrote them, and bounds-checked
 * views of arena, scratch and pack. Every view an operator will ever use is made here, so that running checks nothing.
 */
export class OperatorContext {
  /** Set by EXACT_REQUANTIZE, for models that need it. */
  exactForm: RequantizeRow | undefined = undefined;
  /** Which word of the list is the next parameter. */
  at = 0;

  constructor(
    private readonly _pack: readonly ArrayBuffer[],
    private readonly _words: Int32Array,
    private readonly _arena: readonly ArrayBuffer[],
    private readonly _scratch: readonly ArrayBuffer[],
    readonly native: NativePrimitives | undefined,
  ) {}

  /** The next parameter. */
  int(): number {
    if (this.at >= this._words.length) this.fail();
    return this._words[this.at++]!;
  }

  /** The next parameter, a count or size that must be at least 1. */
  size(): number {
    const value = this.int();
    if (value < 1) this.fail();
    return value;
  }

  /** `count` bytes of the arena, from the offset that is the next parameter. */
  arena(count: number): Int8Array {
    return viewOf(this._arena, Int8Array, 1, this.int(), count);
  }

  /** `count` floats of the arena, from the offset that is the next parameter. */
  arenaFloats(count: number): Float32Array {
    return viewOf(this._arena, Float32Array, 4, this.int(), count);
  }

  /** `count` 16-bit numbers of the arena, from the offset that is the next parameter. */
  arenaShorts(count: number): Int16Array {
    return viewOf(this._arena, Int16Array, 2, this.int(), count);
  }

  /** `count` bytes of scratch memory, from the offset that is the next parameter; any operator may overwrite them. */
  scratch(count: number): Int8Array {
    return viewOf(this._scratch, Int8Array, 1, this.int(), count);
  }

  /** `count` 32-bit numbers of scratch memory, from the offset that is the next parameter. */
  accumulators(count: number): Int32Array {
    return viewOf(this._scratch, Int32Array, 4, this.int(), count);
  }

  /** `count` 16-bit numbers of scratch memory, from the offset that is the next parameter. */
  scratchShorts(count: number): Int16Array {
    return viewOf(this._scratch, Int16Array, 2, this.int(), count);
  }

  /** `count` doubles of scratch memory, from the offset that is the next parameter. */
  scratchDoubles(count: number): Float64Array {
    return viewOf(this._scratch, Float64Array, 8, this.int(), count);
  }

  /** `count` int8 constants, from the pack position that is the next parameter. */
  int8(count: number): Int8Array {
    return viewOf(this._pack, Int8Array, 1, this.int(), count);
  }

  /** `count` unsigned 16-bit constants, from the pack position that is the next parameter. */
  uint16(count: number): Uint16Array {
    return viewOf(this._pack, Uint16Array, 2, this.int(), count);
  }

  /** `count` int32 constants, from the pack position that is the next parameter. */
  int32(count: number): Int32Array {
    return viewOf(this._pack, Int32Array, 4, this.int(), count);
  }

  /** `count` double constants, from the pack position that is the next parameter. */
  float64(count: number): Float64Array {
    return viewOf(this._pack, Float64Array, 8, this.int(), count);
  }

  /** How rows are written whose channels do not all have a fit. */
  exactRow(): RequantizeRow {
    return this.exactForm || this.fail();
  }

  /** Refuses the pack. */
  fail(): never {
    throw new DeviceError(ErrorCode.PACK_STRUCTURE, this.at);
  }
}
