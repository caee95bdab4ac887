/** The message of one received hour that says the least of an epoch's beginning. Milliseconds since 1970. */
export interface ClockMark {
  readonly receivedAt: number;
  /** Receipt less the epoch's age when it was sent: when the epoch would have begun, had the message taken no time. */
  readonly startMs: number;
}

/** A device's clock was set, or stood still. */
export interface ClockJump {
  /** Milliseconds since 1970: the first message after it arrived then. */
  readonly at: number;
  /** Above 0: forward. */
  readonly byMs: number;
}

/** How a device's clock ran during an epoch. */
export interface ClockVerdict {
  readonly jumps: readonly ClockJump[];
  /** Parts per million, above 0 where the clock runs fast; null where too little is known. */
  readonly driftPpm: number | null;
  /** The drift lies this close to `driftPpm`. */
  readonly driftBoundPpm: number | null;
  /** True where it is surely beyond what an oscillator in order does. */
  readonly drifts: boolean;
}

/** Crystals keep to 20 ppm or so; twice that for temperature, and some for the collector's own clock. */
export const TOLERATED_PPM = 100;

/** A level has to hold for so many marks on both sides of a jump: single hours may hold late messages alone. */
const LEVEL_MARKS = 6;
const LEAST_JUMP_MS = 30_000;
const LEAST_NOISE_MS = 750;
const JUMP_NOISES = 10;
const DRIFT_NOISES = 8;
const LEAST_DRIFT_MARKS = 12;
const PPM = 1_000_000;

/**
 * Finds jumps and drift of a device's clock in its marks, in the order of receipt. Delays only ever make a mark's
 * beginning later, so what counts is the least of some marks: where that moves, and stays, by more than the delays of
 * this device vary, its clock moved (after Moon, Skelly, Towsley: "Estimation and Removal of Clock Skew from Network
 * Delay Measurements", INFOCOM 1999).
 */
export function judgeClock(marks: readonly ClockMark[]): ClockVerdict {
  const unknown = { jumps: [], driftPpm: null, driftBoundPpm: null, drifts: false };
  if (marks.length < 2 * LEVEL_MARKS) return unknown;
  const slope = median(marks.slice(1).map((mark, i) => slopeOf(marks[i]!, mark)));
  const levels = marks.map(({ receivedAt, startMs }) => startMs - slope * (receivedAt - marks[0]!.receivedAt));
  const noiseMs = Math.max(LEAST_NOISE_MS, median(levels.map((level, i) => level - lowest(levels, i - 2, i + 3))));
  const found = findJumps(levels, Math.max(LEAST_JUMP_MS, JUMP_NOISES * noiseMs));
  const jumps = found.map(({ index, stepMs }) => ({ at: marks[index]!.receivedAt, byMs: Math.round(-stepMs) }));
  const steady = longest(marks, found);
  if (steady.length < LEAST_DRIFT_MARKS) return { ...unknown, jumps };
  return { jumps, ...driftOf(steady, slope, DRIFT_NOISES * noiseMs) };
}

/** Steps between the least of the marks before and the least of those after, each told once, at its mark. */
function findJumps(levels: readonly number[], leastMs: number): { index: number; stepMs: number }[] {
  const jumps: { index: number; stepMs: number }[] = [];
  const step = (i: number): number => lowest(levels, i, i + LEVEL_MARKS) - lowest(levels, i - LEVEL_MARKS, i);
  for (let i = LEVEL_MARKS; i <= levels.length - LEVEL_MARKS; i++) {
    let stepMs = step(i);
    if (Math.abs(stepMs) < leastMs) continue;
    // A rise shows from the first mark above on; a fall shows already while marks before it are looked at.
    while (stepMs < 0 && i < levels.length - LEVEL_MARKS && step(i + 1) <= stepMs + leastMs / 2) stepMs = step(++i);
    const before = jumps.at(-1);
    // Back to where it was: hours of late messages lay between.
    if (before !== undefined && before.stepMs > 0 && Math.abs(before.stepMs + stepMs) < leastMs) jumps.pop();
    else jumps.push({ index: i, stepMs });
    i += LEVEL_MARKS - 1;
  }
  return jumps;
}

/** The marks of the longest time without a jump. */
function longest(marks: readonly ClockMark[], jumps: readonly { index: number }[]): readonly ClockMark[] {
  const edges = [0, ...jumps.map(({ index }) => index), marks.length];
  const runs = edges.slice(1).map((end, i) => marks.slice(edges[i], end));
  return runs.reduce((best, run) => (spanOf(run) > spanOf(best) ? run : best));
}

/** The line through the lowest mark of the first third of the time and that of the last. */
function driftOf(marks: readonly ClockMark[], guess: number, delayMs: number): Omit<ClockVerdict, "jumps"> {
  const from = marks[0]!.receivedAt;
  const third = spanOf(marks) / 3;
  const first = marks.filter((mark) => mark.receivedAt <= from + third);
  const last = marks.filter((mark) => mark.receivedAt >= from + 2 * third);
  let slope = guess;
  let baseMs = third;
  // Which mark is the lowest depends on the slope: a few rounds settle it.
  for (let round = 0; round < 5; round++) {
    const a = lowestAlong(first, slope);
    const b = lowestAlong(last, slope);
    slope = slopeOf(a, b);
    baseMs = b.receivedAt - a.receivedAt;
  }
  // A device that runs fast seems to have begun earlier and earlier.
  const driftPpm = -slope * PPM;
  const driftBoundPpm = (delayMs / baseMs) * PPM;
  return { driftPpm, driftBoundPpm, drifts: Math.abs(driftPpm) - driftBoundPpm > TOLERATED_PPM };
}

function lowestAlong(marks: readonly ClockMark[], slope: number): ClockMark {
  const height = ({ receivedAt, startMs }: ClockMark): number => startMs - slope * receivedAt;
  return marks.reduce((low, mark) => (height(mark) < height(low) ? mark : low));
}

function slopeOf(a: ClockMark, b: ClockMark): number {
  return (b.startMs - a.startMs) / Math.max(1, b.receivedAt - a.receivedAt);
}

function spanOf(marks: readonly ClockMark[]): number {
  return marks.length === 0 ? 0 : marks.at(-1)!.receivedAt - marks[0]!.receivedAt;
}

function lowest(values: readonly number[], from: number, to: number): number {
  return Math.min(...values.slice(Math.max(0, from), to));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
