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
  /** JsVars of the list that `map` made last and of the one it was made of: they are held while others are made. */
  #heldVars = 0;
  /** Lists that were there before an operator ran. */
  readonly #kept = new WeakSet<object>();
  #runs = false;

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

  /** Called before each operator, which holds no list of another's. */
  start(): void {
    this.#heldVars = 0;
    this.#runs = true;
  }

  /** Counts what the script's lists and arrays do by themselves. @param global of the script's realm */
  watch(global: typeof globalThis): void {
    const arrays = Object.getPrototypeOf(global.Int8Array.prototype) as Int8Array;
    this.#count(arrays, "fill", (array) => array.length * NATIVE.fillElement);
    this.#count(arrays, "set", (_, [source]) => {
      const { length } = source as ArrayLike<number>;
      return length * (NATIVE.setElement + (Array.isArray(source) ? NATIVE.listElement : 0));
    });
    this.#count(global.Array.prototype, "map", (list) => {
      this.#heldVars = listVars(list.length) + (this.#kept.has(list) ? 0 : listVars(list.length));
      this.#noteList(0);
      return 0;
    });
    this.#count(global.Array.prototype, "push", (list) => {
      if (!this.#runs) this.#kept.add(list);
      return 0;
    });
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
    this.#noteList(listVars(values.length));
    return hostNative.affine!(values, matrix);
  }

  #noteList(vars: number): void {
    this.mostListVars = Math.max(this.mostListVars, this.#heldVars + vars);
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

/** A list takes a JsVar, and two for each double or view in it. */
function listVars(length: number): number {
  return 1 + 2 * length;
}
