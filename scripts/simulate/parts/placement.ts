import { FAULTS, type Fault } from "./fault.js";

/** When a part has a fault: `hours` from `fromHour` of the run on, and again `everyHours`. */
export interface FaultWindow {
  readonly fault: Fault;
  readonly fromHour: number;
  readonly hours: number;
  readonly everyHours?: number;
}

/** A part of `sertao.json`: what is wired to the simulated device, and where. */
export interface PartPlacement {
  readonly part: PartName;
  /** Bus or pin of the board. */
  readonly on: string;
  /** Of an I2C part. */
  readonly address?: number;
  /** Reading that drives the part, where it is not that of its driver. */
  readonly channel?: string;
  /** Calibration points of a voltage: [fraction of full scale, value]. */
  readonly points?: readonly (readonly [number, number])[];
  /** Closures per second of a contact, for one unit of its channel. */
  readonly hzPerUnit?: number;
  /** How long a closure lasts. */
  readonly closedMs?: number;
  readonly bounces?: number;
  readonly bounceMs?: number;
  /** Pin that selects an SPI part, or that must be high for a voltage to be there. */
  readonly pin?: string;
  /** True for a DS18B20 without a supply of its own. */
  readonly parasitic?: boolean;
  /** Bytes of an answer that come through before the fault `cut`. */
  readonly cutAfterBytes?: number;
  readonly faults?: readonly FaultWindow[];
}

export type PartName = "bme280" | "sht4x" | "ds18b20" | "voltage" | "contact" | "shift-register" | "loopback";

const NEEDS: Record<PartName, readonly (keyof PartPlacement)[]> = {
  bme280: [],
  sht4x: [],
  ds18b20: [],
  voltage: ["channel", "points"],
  contact: ["channel", "hzPerUnit"],
  "shift-register": ["pin"],
  loopback: [],
};

/** Names of parts that the simulator has a model of. */
export const PART_NAMES: readonly string[] = Object.keys(NEEDS);

const FIELDS: Record<keyof PartPlacement, (value: unknown) => boolean> = {
  part: (value) => typeof value === "string" && Object.hasOwn(NEEDS, value),
  on: isText,
  address: (value) => isNumber(value) && Number.isInteger(value) && value >= 0x08 && value <= 0x77,
  channel: isText,
  points: isPoints,
  hzPerUnit: isPositive,
  closedMs: isPositive,
  bounces: (value) => isNumber(value) && Number.isInteger(value) && value >= 0,
  bounceMs: isPositive,
  pin: isText,
  parasitic: (value) => typeof value === "boolean",
  cutAfterBytes: (value) => isNumber(value) && Number.isInteger(value) && value >= 0,
  faults: (value) => Array.isArray(value) && value.every(isWindow),
};

/** What is wrong with the field `parts` of an application's `sertao.json`; undefined where nothing is. */
export function placementsProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return "must be a list of parts";
  for (const [index, part] of value.entries()) {
    const problem = placementProblem(part);
    if (problem !== undefined) return `: part ${index + 1} ${problem}`;
  }
  return undefined;
}

function placementProblem(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return "must be an object";
  const fields = value as Record<string, unknown>;
  if (!FIELDS.part(fields["part"])) return `must have a "part" of ${PART_NAMES.join(", ")}`;
  for (const [name, field] of Object.entries(fields)) {
    if (!Object.hasOwn(FIELDS, name)) return `has "${name}", which is no field`;
    if (!FIELDS[name as keyof PartPlacement](field)) return `has a "${name}" that makes no sense`;
  }
  const missing = ["on", ...NEEDS[fields["part"] as PartName]].find((name) => fields[name] === undefined);
  return missing === undefined ? undefined : `must have "${missing}"`;
}

function isWindow(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { fault, fromHour, hours, everyHours, ...others } = value as Record<string, unknown>;
  return (
    (FAULTS as readonly unknown[]).includes(fault) &&
    isNumber(fromHour) &&
    fromHour >= 0 &&
    isPositive(hours) &&
    (everyHours === undefined || isPositive(everyHours)) &&
    Object.keys(others).length === 0
  );
}

function isPoints(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every((point) => Array.isArray(point) && point.length === 2 && point.every(isNumber))
  );
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isPositive(value: unknown): boolean {
  return isNumber(value) && value > 0;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
