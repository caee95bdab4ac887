import { readU16 } from "../../lib/core/bytes.js";

// From what a BME280 measures to what it means. Sections are those of BST-BME280-DS002-15, revision 1.6.

const enum Trim {
  T1,
  T2,
  T3,
  P1,
  P2,
  P3,
  P4,
  P5,
  P6,
  P7,
  P8,
  P9,
  H1,
  H2,
  H3,
  H4,
  H5,
  H6,
  COUNT,
}

/** A part's own constants, by the order of table 16. */
export type Bme280Trimming = Float64Array;

/**
 * Reads the trimming parameters (§4.2.2, table 16).
 * @param low registers 0x88 to 0xA1
 * @param high registers 0xE1 to 0xE7
 * @returns undefined where they cannot be a part's: pressure would be divided by zero
 */
export function readTrimming(low: Uint8Array, high: Uint8Array): Bme280Trimming | undefined {
  const trim = new Float64Array(Trim.COUNT);
  for (let i = Trim.T1; i <= Trim.P9; i++) {
    const word = readU16(low, 2 * i);
    trim[i] = i === Trim.T1 || i === Trim.P1 ? word : signed(word, 16);
  }
  trim[Trim.H1] = low[25]!;
  trim[Trim.H2] = signed(readU16(high, 0), 16);
  trim[Trim.H3] = high[2]!;
  // Twelve bits each, and the byte between them shared.
  trim[Trim.H4] = signed((high[3]! << 4) | (high[4]! & 0x0f), 12);
  trim[Trim.H5] = signed((high[5]! << 4) | (high[4]! >> 4), 12);
  trim[Trim.H6] = signed(high[6]!, 8);
  return trim[Trim.T1] && trim[Trim.P1] ? trim : undefined;
}

/**
 * Compensation in double precision (§8.1): writes °C, %RH and Pa to `into` from `at`.
 * @param adcT 20 bits, register temp
 * @param adcH 16 bits, register hum
 * @param adcP 20 bits, register press
 */
export function compensate(
  trim: Bme280Trimming,
  adcT: number,
  adcH: number,
  adcP: number,
  into: Float32Array,
  at: number,
): void {
  const t1 = trim[Trim.T1]!;
  const t = adcT / 131072 - t1 / 8192;
  const fine = (adcT / 16384 - t1 / 1024) * trim[Trim.T2]! + t * t * trim[Trim.T3]!;
  // The datasheet takes a whole number on from here.
  const whole = fine | 0;
  into[at] = fine / 5120;
  into[at + 1] = humidity(trim, adcH, whole - 76800);
  into[at + 2] = pressure(trim, adcP, whole / 2 - 64000);
}

function humidity(trim: Bme280Trimming, adcH: number, v: number): number {
  const offset = trim[Trim.H4]! * 64 + (trim[Trim.H5]! / 16384) * v;
  const gain = 1 + (trim[Trim.H6]! / 67108864) * v * (1 + (trim[Trim.H3]! / 67108864) * v);
  const h = (adcH - offset) * (trim[Trim.H2]! / 65536) * gain;
  const value = h * (1 - (trim[Trim.H1]! * h) / 524288);
  // Saturated air is told as a little more than 100: the datasheet cuts it.
  return value > 100 ? 100 : value < 0 ? 0 : value;
}

function pressure(trim: Bme280Trimming, adcP: number, v: number): number {
  const a = (v * v * trim[Trim.P6]!) / 32768 + v * trim[Trim.P5]! * 2;
  const offset = a / 4 + trim[Trim.P4]! * 65536;
  const b = ((trim[Trim.P3]! * v * v) / 524288 + trim[Trim.P2]! * v) / 524288;
  const scale = (1 + b / 32768) * trim[Trim.P1]!;
  const p = ((1048576 - adcP - offset / 4096) * 6250) / scale;
  return p + ((trim[Trim.P9]! * p * p) / 2147483648 + (p * trim[Trim.P8]!) / 32768 + trim[Trim.P7]!) / 16;
}

function signed(value: number, bits: number): number {
  const shift = 32 - bits;
  return (value << shift) >> shift;
}
