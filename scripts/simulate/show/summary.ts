import type { EnergyAccount } from "../energy/account.js";
import type { BatteryEstimate } from "../energy/battery-life.js";
import { energyText } from "../energy/energy-text.js";
import type { Tally } from "../tally.js";
import type { UpdateOutcome } from "../updates/update-plan.js";

/** What is told at the end of a run. */
export interface Summary extends Tally {
  readonly application: string;
  readonly board: string;
  readonly engine: string;
  readonly seed: number;
  readonly link: string;
  readonly devices: number;
  readonly days: number;
  readonly readings: string;
  readonly wallMs: number;
  /** samples × channels × 4: what sending every reading as a 32-bit float would take, without any protocol. */
  readonly rawBytes: number;
  readonly storageBytes: number;
  readonly freePagesUsed: number | undefined;
  /** Pages of the board that nothing else uses: the outbox and settings live there. */
  readonly freePages: number;
  readonly jsVars: number;
  readonly jsVarsTotal: number;
  /** True on a real engine. */
  readonly jsVarsMeasured: boolean;
  /** Undefined where results were collected elsewhere. */
  readonly storeFile: string | undefined;
  readonly traceHash: string;
  /** The charge that all devices took, or why it is not known. */
  readonly energy: EnergyAccount | string;
  /** What became of updates that were published in the middle. */
  readonly updates?: readonly UpdateOutcome[] | undefined;
  /** What one device would do with a battery of its own; undefined where the charge is not known. */
  readonly battery: BatteryEstimate | undefined;
}

/** The summary for a reader. */
export function summaryText(summary: Summary): string {
  const { bytesUp, bytesDown, rawBytes } = summary;
  const onAir = bytesUp + bytesDown;
  const rows: [string, string][] = [
    ["samples taken", String(summary.samples)],
    ...optional("samples missed", summary.missed),
    ...optional("readings failed", summary.failedReads),
    ["inferences", String(summary.inferences)],
    ["results reported", String(summary.reported)],
    ["delivered", String(summary.delivered)],
    ["duplicates removed", String(summary.duplicates)],
    ["lost", String(summary.lost)],
    ...optional("conflicts", summary.conflicts),
    ...optional("evicted by policy", summary.evicted),
    ...optional("still waiting", summary.waiting),
    ...optional("power cuts", summary.powerCuts),
    ...optional("crashes", summary.crashes),
    ["bytes on the air", `${kilo(onAir)} of TCP payload (${kilo(bytesUp)} up, ${kilo(bytesDown)} down)`],
    ...againstRaw(onAir, rawBytes),
    ["flash used", `${kilo(summary.storageBytes)} of Storage${pagesText(summary)}`],
    [
      "JsVars",
      `${summary.jsVars} of ${summary.jsVarsTotal} (${summary.jsVarsMeasured ? "measured" : "estimate; --engine espruino measures"})`,
    ],
    ["wall time", `${(summary.wallMs / 1000).toFixed(1)} s for ${round(summary.days)} days, seed ${summary.seed}`],
    ...updateRows(summary.updates ?? []),
    ...whereResultsAre(summary.storeFile),
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(20)}${value}`);
  return [...lines, "", ...energyText(summary.energy, summary.battery)].join("\n");
}

function pagesText({ freePagesUsed, freePages }: Summary): string {
  return freePagesUsed === undefined || freePages === 0 ? "" : `, ${freePagesUsed} of ${freePages} free pages`;
}

function updateRows(updates: readonly UpdateOutcome[]): [string, string][] {
  return updates.map(({ name, device, publishedMs, changedMs, state, reason }, i) => {
    const when = changedMs === undefined ? "" : `, ${dayText(changedMs)}`;
    const why = reason === "" ? "" : `; ${reason}`;
    return [i === 0 ? "updates" : "", `${name} on ${dayText(publishedMs)}: ${device} ${state}${when}${why}`];
  });
}

/** "day 3 06:20" */
function dayText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `day ${Math.floor(minutes / 1440) + 1} ${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

function againstRaw(onAir: number, rawBytes: number): [string, string][] {
  if (rawBytes === 0) return [];
  return [["", `${Math.round((100 * onAir) / rawBytes)} % of ${kilo(rawBytes)} of raw readings`]];
}

function whereResultsAre(storeFile: string | undefined): [string, string][] {
  if (storeFile === undefined) return [];
  return [
    ["results are in", storeFile],
    ["to see them", `npx --no-install sertao fleet results --store ${storeFile}`],
  ];
}

function optional(name: string, value: number): [string, string][] {
  return value === 0 ? [] : [[name, String(value)]];
}

function kilo(bytes: number): string {
  return bytes < 10_000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} KB`;
}

function round(days: number): string {
  return String(Math.round(days * 100) / 100);
}
