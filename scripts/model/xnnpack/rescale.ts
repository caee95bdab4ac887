import { roundHalfEven } from "./round-half-even.js";

/** Factors that XNNPACK takes for an operator of one int8; others go to TensorFlow Lite's own kernel. */
const LEAST_FACTOR = 2 ** -8;
const GREATEST_FACTOR = 2 ** 7;

/** True where XNNPACK changes int8 values by this factor itself. */
export function isXnnpackFactor(factor: number): boolean {
  return factor >= LEAST_FACTOR && factor <= GREATEST_FACTOR;
}

/**
 * An int8, less its zero point, times a factor of which XNNPACK keeps eight binary places.
 * Source: XNNPACK, qs8-vcvt and qs8-vlrelu.
 */
export function xnnpackRescale(value: number, factor: number): number {
  return Math.floor((value * roundHalfEven(Math.fround(256 * factor)) + 128) / 256);
}
