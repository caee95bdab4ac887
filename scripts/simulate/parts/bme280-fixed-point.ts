/** A BME280's trimming parameters, by their names in the datasheet (BST-BME280-DS002-15 rev. 1.6, table 16). */
export interface Trimming {
  readonly t: readonly number[];
  readonly p: readonly number[];
  readonly h: readonly number[];
}

/**
 * Compensation in 32-bit fixed point (§4.2.3 and §8.2), as a part's maker writes it for small processors: the drivers use
 * double precision, so a mistake in one is not in the other. All intermediate results fit 32 bits, by the maker's design.
 */
export function fineTemperature({ t }: Trimming, adcT: number): number {
  const a = (((adcT >> 3) - (t[0]! << 1)) * t[1]!) >> 11;
  const d = (adcT >> 4) - t[0]!;
  return a + ((((d * d) >> 12) * t[2]!) >> 14);
}

/** Hundredths of a degree Celsius. */
export function centidegrees(fine: number): number {
  return (fine * 5 + 128) >> 8;
}

/** Pascal. */
export function pascal({ p }: Trimming, fine: number, adcP: number): number {
  let a = (fine >> 1) - 64000;
  const square = (a >> 2) * (a >> 2);
  let b = (square >> 11) * p[5]! + ((a * p[4]!) << 1);
  b = (b >> 2) + (p[3]! << 16);
  a = (((p[2]! * (square >> 13)) >> 3) + ((p[1]! * a) >> 1)) >> 18;
  a = ((32768 + a) * p[0]!) >> 15;
  if (a === 0) return 0;
  const c = ((1048576 - adcP - (b >> 12)) * 3125) >>> 0;
  const value = c < 0x80000000 ? Math.floor(((c << 1) >>> 0) / a) : Math.floor(c / a) * 2;
  const d = (p[8]! * (((value >> 3) * (value >> 3)) >> 13)) >> 12;
  const e = ((value >> 2) * p[7]!) >> 13;
  return value + ((d + e + p[6]!) >> 4);
}

/** 1024ths of a percent. */
export function humidity1024({ h }: Trimming, fine: number, adcH: number): number {
  const v = fine - 76800;
  const gain = ((((v * h[5]!) >> 10) * (((v * h[2]!) >> 11) + 32768)) >> 10) + 2097152;
  let x = (((adcH << 14) - (h[3]! << 20) - h[4]! * v + 16384) >> 15) * ((gain * h[1]! + 8192) >> 14);
  x -= ((((x >> 15) * (x >> 15)) >> 7) * h[0]!) >> 4;
  return (x < 0 ? 0 : x > 419430400 ? 419430400 : x) >> 12;
}

/** The lowest count below `2^bits` at which `reached` holds, as it does from there on. */
export function firstCount(bits: number, reached: (count: number) => boolean): number {
  let low = 0;
  let high = (1 << bits) - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
