import type { Rounding } from "../rounding.js";
import { fitSteps, type Fit } from "./fit.js";
import { quantizeMultiplier, type QuantizedMultiplier } from "./quantize-multiplier.js";

/** Range of the sums of one channel. */
export interface SumRange {
  readonly least: number;
  readonly greatest: number;
}

/** One channel's constants; `fit` is absent where the exact integer form must be used. */
export interface ChannelRequantization {
  readonly factor: QuantizedMultiplier;
  readonly fit: Fit | undefined;
}

/** Constants of a layer: one entry, or one per channel. */
export interface Requantization {
  readonly channels: readonly ChannelRequantization[];
  readonly perChannel: boolean;
  readonly rounding: Rounding;
  readonly zeroPoint: number;
  readonly low: number;
  readonly high: number;
}

export interface RequantizationRequest {
  /** Real factors from sum to output: one, or one per channel. */
  readonly factors: readonly number[];
  /** The factors where they are already quantized; `factors` then counts for nothing. */
  readonly quantized?: readonly QuantizedMultiplier[];
  /** One range per channel. */
  readonly ranges: readonly SumRange[];
  readonly rounding: Rounding;
  readonly zeroPoint: number;
  readonly low: number;
  readonly high: number;
  /** The output before it is clamped, where it is not the sum times a factor. */
  readonly output?: (sum: number) => number;
  /** Uses the exact integer form everywhere: for tests and measurements. */
  readonly exactOnly?: boolean;
}

/** Fits and proves the requantization of a layer. */
export function requantization(request: RequantizationRequest): Requantization {
  const { factors, ranges, rounding, zeroPoint, low, high, output } = request;
  const quantized = request.quantized ?? factors.map((real) => quantizeMultiplier(real, rounding));
  const perChannel = quantized.length > 1;
  const channels = quantized.map((factor, channel) => {
    const range = perChannel ? ranges[channel]! : union(ranges);
    const fit = request.exactOnly ? undefined : fitSteps({ factor, rounding, zeroPoint, low, high, output, ...range });
    return { factor, fit };
  });
  return { channels, perChannel, rounding, zeroPoint, low, high };
}

function union(ranges: readonly SumRange[]): SumRange {
  return {
    least: Math.min(...ranges.map((range) => range.least)),
    greatest: Math.max(...ranges.map((range) => range.greatest)),
  };
}
