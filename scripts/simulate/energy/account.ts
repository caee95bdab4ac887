import type { Board, PowerFigures } from "../../../boards/board.js";
import { driverCatalogue } from "../parts/driver-catalogue.js";
import type { PartPlacement } from "../parts/placement.js";
import { DUTY_STATES, type DutyState } from "./duty-meter.js";

/** What a device, or several, did in a run. */
export interface DutyCounts {
  readonly ms: Readonly<Record<DutyState, number>>;
  readonly samples: number;
  readonly bytesUp: number;
}

/** One line of the account. */
export interface ChargeEntry {
  readonly what: string;
  readonly ms: number;
  readonly milliamps: number;
  readonly milliampHours: number;
}

/** The charge of a run by what took it. `total` is the sum of all entries. */
export interface EnergyAccount {
  readonly entries: readonly ChargeEntry[];
  readonly totalMilliampHours: number;
  /** Over the time that the devices had power. */
  readonly averageMilliamps: number;
  readonly assumptions: readonly string[];
}

const HOUR_MS = 3_600_000;
/** The slowest rate of Wi-Fi, the one that the transmit current is given for: bits in a millisecond. */
const BITS_PER_MS = 1000;
/** Headers, acknowledgements and joining, for each byte of TCP payload. */
const OVERHEAD = 2;

/**
 * The charge that a run took, by state, from the board's figures and the drivers'. What else is on a board is not in it.
 * @returns a sentence where the board's figures are not known
 */
export function accountEnergy(
  board: Board,
  counts: DutyCounts,
  parts: readonly PartPlacement[],
): EnergyAccount | string {
  const { power } = board;
  if (typeof power === "string") return `The charge of ${board.id} is ${power}.`;
  const entries = [...stateEntries(power, counts), ...partEntries(counts, parts)];
  const totalMilliampHours = entries.reduce((sum, { milliampHours }) => sum + milliampHours, 0);
  const onMs = DUTY_STATES.reduce((sum, state) => sum + (state === "off" ? 0 : counts.ms[state]), 0);
  return {
    entries,
    totalMilliampHours,
    averageMilliamps: onMs === 0 ? 0 : (totalMilliampHours * HOUR_MS) / onMs,
    assumptions: assumptions(board, parts),
  };
}

function stateEntries(power: PowerFigures, { ms, bytesUp }: DutyCounts): ChargeEntry[] {
  const { activeMilliamps, receiveMilliamps = activeMilliamps, transmitMilliamps = receiveMilliamps } = power;
  const transmitMs = Math.min(ms.radio, (bytesUp * 8 * OVERHEAD) / BITS_PER_MS);
  return [
    entry("sleep", ms.sleep, power.deepSleepMilliamps ?? activeMilliamps),
    entry("boot", ms.boot, activeMilliamps),
    entry("sense", ms.sense, activeMilliamps),
    entry("infer", ms.infer, activeMilliamps),
    entry("awake", ms.awake, activeMilliamps),
    entry("radio, listening", ms.radio - transmitMs, receiveMilliamps),
    entry("radio, sending", transmitMs, transmitMilliamps),
  ];
}

/** Each part measures once in a sample, and draws its idle current always. */
function partEntries({ ms, samples }: DutyCounts, parts: readonly PartPlacement[]): ChargeEntry[] {
  const onMs = DUTY_STATES.reduce((sum, state) => sum + (state === "off" ? 0 : ms[state]), 0);
  return parts.flatMap(({ part, on }) => {
    const energy = driverCatalogue.find(({ facts }) => facts.driver === part)?.facts.energy;
    if (energy === undefined) return [];
    const activeMs = samples * energy.activeMs;
    return [
      entry(`${part} on ${on}, measuring`, activeMs, energy.activeMicroamps / 1000),
      entry(`${part} on ${on}, between`, Math.max(0, onMs - activeMs), energy.idleMicroamps / 1000),
    ];
  });
}

function entry(what: string, ms: number, milliamps: number): ChargeEntry {
  return { what, ms, milliamps, milliampHours: (ms * milliamps) / HOUR_MS };
}

function assumptions(board: Board, parts: readonly PartPlacement[]): string[] {
  const { power, deepSleep } = board;
  const unknown = parts.filter(
    ({ part }) => driverCatalogue.find(({ facts }) => facts.driver === part)?.facts.energy === undefined,
  );
  return [
    ...(typeof power === "string" ? [] : [`currents of the chip at ${power.volts} V: ${power.source}`]),
    "a board's regulator, divider and LEDs, and what batteries lose in the cold, are not in it",
    "the CPU draws its active current whenever it is awake; JavaScript takes no time but an inference's, by the estimate of sertao model compile",
    ...(typeof deepSleep === "string" ? [] : [`from the end of a sleep to the application ${deepSleep.bootMs} ms`]),
    `sending at 1 Mbit/s, ${OVERHEAD} bytes for each of TCP payload; joining a network takes 1.5 s`,
    ...(unknown.length === 0
      ? []
      : [`not known, and counted as 0: ${unknown.map(({ part, on }) => `${part} on ${on}`).join(", ")}`]),
  ];
}
