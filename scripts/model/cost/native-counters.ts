import { crc32 } from "../../../lib/core/crc32.js";
import { hostNative } from "../host-native.js";
import { INTERPRETED, NATIVE } from "./espruino-instructions.js";

/**
 * Stands for the engine's functions while instructions are counted: they do their work, and tell what it costs. A
 * script's text does not show whether it calls one of its own functions or one of the engine's, so these also take back
 * what the call itself was counted too high.
 */
export class NativeCounters {
  /** Instructions of loops in C. */
  loops = 0;
  /** What calls were counted too high, as a negative number. */
  correction = 0;
  /** Most JsVars of lists that the engine's functions return and take at one time. */
  mostListVars = 0;
  #within = 0;

  /** The global objects that the native operators are made from. */
  readonly globals = {
    E: {
      convolve: (...args: Parameters<typeof hostNative.convolve>) => this.#convolve(...args),
      mapInPlace: (...args: Parameters<typeof hostNative.mapInPlace>) => this.#mapInPlace(...args),
      CRC32: crc32,
      getAddressOf: () => 1,
    },
    Graphics: { createArrayBuffer: () => ({ transformVertices: this.#transformVertices.bind(this) }) },
  };

  /** Counts what the script's lists and arrays do by themselves. @param global of the script's realm */
  watch(global: typeof globalThis): void {
    const arrays = Object.getPrototypeOf(global.Int8Array.prototype) as Int8Array;
    this.#count(arrays, "fill", (array) => array.length * NATIVE.fillElement);
    this.#count(arrays, "set", (_, [source]) => {
      const { length } = source as ArrayLike<number>;
      return length * (NATIVE.setElement + (Array.isArray(source) ? NATIVE.listElement : 0));
    });
    this.#count(global.Array.prototype, "map", (list) => {
      this.#noteLists(list.length);
      return 0;
    });
    this.#count(global.Array.prototype, "push", () => 0);
    this.#count(global.Function.prototype, "bind", () => 0);
  }

  #count<Owner extends object>(owner: Owner, name: string, cost: (self: Owner, args: unknown[]) => number): void {
    const methods = owner as Record<string, (...args: unknown[]) => unknown>;
    const original = methods[name]!;
    const called = (args: number): void => this.#called(args);
    const inside = (work: () => unknown): unknown => this.#inside(work);
    const add = (instructions: number): number => (this.loops += instructions);
    methods[name] = function (this: Owner, ...args: unknown[]): unknown {
      called(args.length);
      add(cost(this, args));
      return inside(() => original.apply(this, args));
    };
  }

  #convolve(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): number {
    if (this.#within > 0) this.loops += NATIVE.callback;
    else this.#called(3);
    this.loops += a.length * NATIVE.multiplyAccumulate;
    return hostNative.convolve(a, b, offset);
  }

  #mapInPlace(...args: Parameters<typeof hostNative.mapInPlace>): void {
    this.#called(args.length);
    this.loops += args[0].length * NATIVE.mapElement;
    this.#inside(() => hostNative.mapInPlace(...args));
  }

  #transformVertices(values: ArrayLike<number>, matrix: Float64Array): number[] {
    this.#called(2);
    this.loops += values.length * NATIVE.affineElement;
    this.#noteLists(values.length, ...(Array.isArray(values) ? [values.length] : []));
    return hostNative.affine!(values, matrix);
  }

  /** A list of doubles takes a JsVar, and two for each element. */
  #noteLists(...lengths: number[]): void {
    this.mostListVars = Math.max(
      this.mostListVars,
      lengths.reduce((sum, length) => sum + 1 + 2 * length, 0),
    );
  }

  #called(args: number): void {
    if (this.#within > 0) return;
    this.correction += INTERPRETED.nativeCall - INTERPRETED.call - INTERPRETED.argument * args;
  }

  #inside<Result>(work: () => Result): Result {
    this.#within++;
    const result = work();
    this.#within--;
    return result;
  }
}
