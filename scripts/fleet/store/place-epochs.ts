import type { Status } from "../messages/status.js";
import { CLOCK_UNCERTAINTY_MS } from "../messages/time.js";
import { TOLERATED_PPM } from "./judge-clock.js";

/** What is known of one epoch. Times in milliseconds since 1970. */
export interface EpochFacts {
  /** The latest it can have begun: the least of `receivedAt - sentAtSec` over its messages. */
  readonly latestStart: number;
  /** The greatest age in seconds that any of its messages tells. */
  readonly ageSec: number;
  /** A time at which it surely ran: a connection that carried its status was open. */
  readonly aliveAt: number | null;
  /** The earliest it can have begun, by a `time` message that the device accepted in it. */
  readonly earliestStart: number | null;
  /** How far its clock may be off, parts per million, where the device said more than what oscillators do. */
  readonly clockPpm?: number;
}

/** The least and the most true time, milliseconds, in which a clock counts `seconds`. @param ppm what it may be off by */
export function trueSpan(seconds: number, ppm: number): { readonly least: number; readonly most: number } {
  const part = ppm / 1_000_000;
  return { least: (seconds * 1000) / (1 + part), most: (seconds * 1000) / (1 - part) };
}

/**
 * The earliest that an epoch can have begun whose device has accepted a `time` message: it was sent before it was
 * accepted. Seconds are whole, and the collector's own clock may be off.
 */
export function earliestStart({ unixSec, epochSec }: NonNullable<Status["timed"]>, ppm = 0): number {
  return Math.floor((unixSec - 1) * 1000 - trueSpan(epochSec, ppm).most) - CLOCK_UNCERTAINTY_MS;
}

/** The bounds of an epoch's beginning; `earliest` is null where nothing came before. */
export interface EpochBounds {
  readonly earliest: number | null;
  readonly latest: number;
}

/**
 * Bounds the beginning of each epoch of one device, given in their order (docs/protocol.md, "Time"). An epoch begins
 * no earlier than the one before it ended, and than an accepted `time` message allows; it ends no later than the next
 * one can have begun. Assumes that the device's clock runs true, within what oscillators do: where the collector's clock
 * jumped, `earliest` may come out after `latest`.
 */
export function placeEpochs(epochs: readonly EpochFacts[]): EpochBounds[] {
  const latest: number[] = [];
  let nextLatest = Infinity;
  for (const epoch of epochs.toReversed()) {
    nextLatest = Math.min(epoch.latestStart, nextLatest - leastMs(epoch));
    latest.unshift(nextLatest);
  }
  let floor: number | null = null;
  return epochs.map((epoch, index) => {
    const earliest = later(floor, epoch.earliestStart);
    const ended = earliest === null ? null : earliest + leastMs(epoch);
    floor = later(floor, later(ended, epoch.aliveAt));
    return inOrder(earliest, latest[index]!, epoch);
  });
}

/**
 * Over a long epoch an oscillator's error makes the beginning seem to move, and bounds from its two ends may cross. Then
 * it moved from the one to the other.
 */
function inOrder(earliest: number | null, latest: number, epoch: EpochFacts): EpochBounds {
  const crossedMs = earliest === null ? 0 : earliest - latest;
  const isDrift = crossedMs > 0 && crossedMs <= (epoch.ageSec * toleratedPpm(epoch)) / 1000;
  return isDrift ? { earliest: latest, latest: earliest! } : { earliest, latest };
}

/** How long an epoch surely lasted, were its clock as fast as it may be. */
function leastMs(epoch: EpochFacts): number {
  return Math.floor(epoch.ageSec * 1000 * (1 - toleratedPpm(epoch) / 1_000_000));
}

function toleratedPpm({ clockPpm = 0 }: EpochFacts): number {
  return Math.max(TOLERATED_PPM, clockPpm);
}

function later(a: number | null, b: number | null): number | null {
  return a === null || (b !== null && b > a) ? b : a;
}
