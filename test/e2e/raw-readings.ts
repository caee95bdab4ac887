import { Trace } from "../../scripts/simulate/trace.js";
import type { Readings } from "../../scripts/simulate/readings/readings.js";

/** One reading that a device took. */
export interface Reading {
  readonly channel: string;
  readonly value: number;
}

/** Where a reading was found in what left a device. */
export interface Leak {
  readonly encoding: string;
  readonly channel: string;
  readonly value: number;
}

const SCALES = [1, 10, 64, 100];

/**
 * Readings that can be recognised: each a multiple of `step` above `least`, different from the one before, exact in every
 * float from 16 bits up and in decimal text. `taken` is what devices read.
 */
export class MarkedReadings implements Readings {
  readonly taken: Reading[] = [];
  readonly #channels: Readonly<Record<string, { readonly least: number; readonly step: number }>>;
  #count = 0;

  constructor(channels: Readonly<Record<string, { readonly least: number; readonly step: number }>>) {
    this.#channels = channels;
  }

  read(channel: string): number | undefined {
    const marks = this.#channels[channel];
    if (marks === undefined) return undefined;
    // Odd multiples only: those of twice the step are left to the results of models. 5 and 256 have no common divisor.
    const value = marks.least + (1 + 2 * ((this.#count++ * 5) % 256)) * marks.step;
    this.taken.push({ channel, value });
    return value;
  }
}

/** A trace that keeps all bytes that left devices. */
export class CapturingTrace extends Trace {
  readonly #pieces: Buffer[] = [];

  override add(timeMs: number, who: string, what: string): void {
    if (who.startsWith("link ") && what.startsWith("> ")) this.#pieces.push(Buffer.from(what.slice(2), "hex"));
    super.add(timeMs, who, what);
  }

  get sent(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

/**
 * Looks for readings in bytes: as floats of 16, 32 and 64 bits and as decimal text; of 16 bits, where chance alone would
 * find some, as an item of CBOR or in the company of the next reading of the channel or of the next channel.
 */
export function findLeaks(sent: Uint8Array, taken: readonly Reading[]): Leak[] {
  const patterns = new Map<string, Leak>();
  const add = (encoding: string, { channel, value }: Reading, bytes: Uint8Array): void => {
    patterns.set(Buffer.from(bytes).toString("latin1"), { encoding, channel, value });
  };
  taken.forEach((reading, index) => {
    for (const [encoding, bytes] of longForms(reading.value)) add(encoding, reading, bytes);
    const neighbours = [taken[index + 1], taken.slice(index + 1).find((next) => next.channel === reading.channel)];
    for (const [encoding, short] of shortForms) {
      const bytes = short(reading.value);
      // Two integers below 16 in a row are in every message: its counters.
      if (bytes.includes(0) && Math.max(...bytes) < 16) continue;
      for (const next of neighbours) {
        if (next !== undefined) add(`${encoding}, two in a row`, reading, Buffer.concat([bytes, short(next.value)]));
      }
    }
  });
  return search(Buffer.from(sent), patterns);
}

function search(sent: Buffer, patterns: ReadonlyMap<string, Leak>): Leak[] {
  const text = sent.toString("latin1");
  const leaks: Leak[] = [];
  for (const length of new Set([...patterns.keys()].map((pattern) => pattern.length))) {
    for (let at = 0; at + length <= text.length; at++) {
      const leak = patterns.get(text.slice(at, at + length));
      if (leak !== undefined) leaks.push(leak);
    }
  }
  return leaks;
}

/** Forms that chance does not make. */
function longForms(value: number): [string, Uint8Array][] {
  const floats = new DataView(new ArrayBuffer(12));
  floats.setFloat32(0, value);
  floats.setFloat64(4, value);
  const float32 = Buffer.from(floats.buffer.slice(0, 4));
  const float64 = Buffer.from(floats.buffer.slice(4));
  return [
    ["float32, big-endian", float32],
    ["float32, little-endian", Buffer.from(float32).reverse()],
    ["float64, big-endian", float64],
    ["float64, little-endian", Buffer.from(float64).reverse()],
    ["decimal text", Buffer.from(String(value))],
    ["CBOR half", Buffer.concat([Buffer.of(0xf9), half(value)])],
    ...SCALES.map((scale): [string, Uint8Array] => [
      `CBOR integer × ${scale}`,
      Buffer.concat([Buffer.of(0x19), int16(value * scale)]),
    ]),
  ];
}

/** Forms of two bytes. */
const shortForms: [string, (value: number) => Buffer][] = [
  ["half, big-endian", half],
  ["half, little-endian", (value) => half(value).reverse()],
  ...SCALES.flatMap((scale): [string, (value: number) => Buffer][] => [
    [`int16 × ${scale}, big-endian`, (value) => int16(value * scale)],
    [`int16 × ${scale}, little-endian`, (value) => int16(value * scale).reverse()],
  ]),
];

/** Big-endian, of a value that a normal half holds. */
function half(value: number): Buffer {
  const exponent = Math.floor(Math.log2(value));
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(((exponent + 15) << 10) | Math.round((value / 2 ** exponent - 1) * 1024));
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(Math.round(value));
  return bytes;
}
