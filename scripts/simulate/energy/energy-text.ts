import type { EnergyAccount } from "./account.js";
import type { BatteryEstimate } from "./battery-life.js";

const HOUR_MS = 3_600_000;
const MAX_COLUMNS = 78;

/** The account for a reader: a line for each state and sensor, their sum, and what a battery makes of it. */
export function energyText(energy: EnergyAccount | string, battery: BatteryEstimate | undefined): string[] {
  if (typeof energy === "string") return [`  ${energy}`];
  const { entries, totalMilliampHours, averageMilliamps, assumptions } = energy;
  const shown = entries.filter(({ ms }) => ms > 0);
  return [
    `  ${"charge".padEnd(26)}${"hours".padStart(10)}${"mA".padStart(10)}${"mAh".padStart(12)}`,
    ...shown.map(
      ({ what, ms, milliamps, milliampHours }) =>
        `  ${what.padEnd(26)}${(ms / HOUR_MS).toFixed(3).padStart(10)}${figure(milliamps).padStart(10)}${milliampHours.toFixed(4).padStart(12)}`,
    ),
    `  ${"all of it".padEnd(46)}${totalMilliampHours.toFixed(4).padStart(12)}`,
    ...wrapped(
      `on average ${figure(averageMilliamps)} mA${battery === undefined ? "" : `: ${batteryText(battery)}`}`,
      "  ",
    ),
    ...assumptions.flatMap((assumption) => wrapped(assumption, "  - ")),
  ];
}

function batteryText({ milliampHours, selfDischargePerMonth, days }: BatteryEstimate): string {
  const loss = `${selfDischargePerMonth * 100} % of what is left lost in a month by itself`;
  return `${days.toFixed(days < 10 ? 1 : 0)} days from a battery of ${milliampHours} mAh (${loss})`;
}

function figure(milliamps: number): string {
  return milliamps >= 1 ? milliamps.toFixed(1) : milliamps.toPrecision(2);
}

/** Lines that fit a terminal of 80 columns; those after the first are indented as the first one's text. */
function wrapped(text: string, head: string): string[] {
  const lines = [head];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line.length + word.length > MAX_COLUMNS) lines.push(`${" ".repeat(head.length)}${word} `);
    else lines[lines.length - 1] = `${line}${word} `;
  }
  return lines.map((line) => line.trimEnd());
}
