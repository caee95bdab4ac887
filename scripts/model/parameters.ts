import type { Parameter } from "./lowered.js";
import type { Requantization } from "./requantize/requantization.js";

export function int(value: number): Parameter {
  return { kind: "int", value };
}

export function ints(...values: number[]): Parameter[] {
  return values.map(int);
}

/** A place in the arena: `offset` bytes into a value. */
export function at(id: number, offset = 0): Parameter {
  return { kind: "value", id, offset };
}

export function scratch(offset: number): Parameter {
  return { kind: "scratch", offset };
}

/** Constants that the device reads in place. Equal ones are stored once. */
export function constant(data: Int8Array | Uint16Array | Int32Array | Float64Array): Parameter {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { kind: "constant", bytes, alignment: data.BYTES_PER_ELEMENT };
}

/** What `readRequantizer` of lib/nn reads. */
export function requantizer(r: Requantization): Parameter[] {
  const { channels } = r;
  const missing = channels.some(({ fit }) => fit === undefined);
  const single = r.rounding === "xnnpack" ? 1 : 0;
  const exact = channels.flatMap(({ factor }) => [factor.multiplier, factor.shift, single, r.zeroPoint]);
  return [
    ...ints(r.perChannel ? 1 : 0, r.low, r.high - r.low),
    constant(Float64Array.from(channels, ({ fit }) => fit?.m ?? 0)),
    constant(Float64Array.from(channels, ({ fit }) => fit?.positive ?? 0)),
    constant(Float64Array.from(channels, ({ fit }) => fit?.negative ?? 0)),
    ...(missing ? [int(1), constant(Int32Array.from(exact))] : [int(0)]),
  ];
}
