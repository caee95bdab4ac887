const COUNTED = [
  "ArrayBuffer",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
] as const;

/** Thrown where buffers beyond the limit are asked for. */
export class TooMuchMemory extends Error {}

/**
 * Counts the bytes of buffers that are asked for by number. Memory that is asked for and never touched is in no other
 * figure that the engine gives.
 */
export class AllocationMeter {
  bytes = 0;

  constructor(private readonly _limitBytes: number) {}

  /** Puts itself before the engine's constructors, for good. */
  install(): void {
    const scope = globalThis as unknown as Record<string, new (...values: unknown[]) => object>;
    for (const name of COUNTED) {
      const standard = scope[name]! as (new (...values: unknown[]) => object) & { BYTES_PER_ELEMENT?: number };
      const elementBytes = standard.BYTES_PER_ELEMENT ?? 1;
      scope[name] = new Proxy(standard, {
        construct: (target, values: unknown[], newTarget) => {
          if (typeof values[0] === "number") this.#count(values[0] * elementBytes);
          return Reflect.construct(target, values, newTarget as new () => object);
        },
      });
    }
  }

  #count(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this._limitBytes) throw new TooMuchMemory(`buffers of ${this.bytes} bytes`);
  }
}
