/**
 * Runs work where a Uint8ClampedArray cuts fractions off before it clamps, as Espruino's does; the standard's rounds.
 * Kernels ask which of the two they have.
 */
export function withCuttingArrays<Result>(work: () => Result): Result {
  const standard = Uint8ClampedArray;
  function Cutting(...values: unknown[]): Uint8ClampedArray {
    const array = Reflect.construct(standard, values) as Uint8ClampedArray;
    const put = (at: number, value: number): void => void (array[at] = Math.trunc(value));
    const set = (list: ArrayLike<number>, at = 0): void => {
      for (let i = 0; i < list.length; i++) put(at + i, list[i]!);
    };
    return new Proxy(array, {
      set: (_, key, value: number) => {
        put(Number(key), value);
        return true;
      },
      get: (_, key) => (key === "set" ? set : Reflect.get(array, key)) as unknown,
    });
  }
  const scope = globalThis as Record<string, unknown>;
  scope["Uint8ClampedArray"] = Cutting;
  try {
    return work();
  } finally {
    scope["Uint8ClampedArray"] = standard;
  }
}
