import type { BackendName, Board, CpuName } from "../../../boards/board.js";
import { CHIPS, ESTIMATE_SOURCE, type Chip, type Range } from "./chips.js";
import type { InferenceCost, OperatorInstructions } from "./inference-cost.js";

/** How long an inference is likely to take on a chip: an estimate, with how far it may be off. */
export interface TimeEstimate {
  readonly cpu: CpuName;
  readonly chip: string;
  readonly clockHz: number;
  readonly engine: "Espruino";
  readonly backend: BackendName;
  /** Where the figures come from. */
  readonly source: string;
  readonly ms: Range;
  /** For each operator of `report.operators`. */
  readonly operators: readonly OperatorEstimate[];
}

export interface OperatorEstimate {
  /** Instructions of the interpreter, and of the engine's own loops. */
  readonly interpreterInstructions: number;
  readonly loopInstructions: number;
  readonly ms: Range;
}

/**
 * Estimates for a board, or for every chip whose speed is known where no board is given; none where nothing is known.
 * @param cost undefined where the backend cannot be weighed
 */
export function timeEstimates(
  backend: BackendName,
  cost: InferenceCost | undefined,
  board: Board | undefined,
): TimeEstimate[] {
  if (cost === undefined) return [];
  const cpus = board === undefined ? (Object.keys(CHIPS) as CpuName[]) : knownCpus(board);
  return cpus.map((cpu) => estimate(cpu, backend, cost.operators));
}

/** The instructions are Espruino's: another engine on the same chip takes others. */
function knownCpus({ engine, cpu }: Board): CpuName[] {
  return engine === "espruino" && cpu !== undefined ? [cpu] : [];
}

function estimate(cpu: CpuName, backend: BackendName, instructions: readonly OperatorInstructions[]): TimeEstimate {
  const chip = CHIPS[cpu];
  const operators = instructions.map((operator) => ({
    interpreterInstructions: operator.interpreter,
    loopInstructions: operator.loops,
    ms: milliseconds(chip, operator),
  }));
  const sum = (of: keyof Range): number => operators.reduce((total, { ms }) => total + ms[of], 0);
  return {
    cpu,
    chip: chip.title,
    clockHz: chip.clockHz,
    engine: "Espruino",
    backend,
    source: ESTIMATE_SOURCE,
    ms: { low: sum("low"), mid: sum("mid"), high: sum("high") },
    operators,
  };
}

function milliseconds({ clockHz, cyclesPerInstruction }: Chip, { interpreter, loops }: OperatorInstructions): Range {
  const of = (which: keyof Range): number =>
    ((interpreter * cyclesPerInstruction.interpreter[which] + loops * cyclesPerInstruction.loops[which]) / clockHz) *
    1000;
  return { low: of("low"), mid: of("mid"), high: of("high") };
}

/** A range in words: `13/20/43 ms`. */
export function rangeText({ low, mid, high }: Range): string {
  const [unit, divisor] = mid < 10_000 ? (["ms", 1] as const) : (["s", 1000] as const);
  return `${[low, mid, high].map((value) => digits(value / divisor)).join("/")} ${unit}`;
}

/** Two digits: more would promise more than is known. */
function digits(value: number): string {
  return String(Number(value.toPrecision(2)));
}
