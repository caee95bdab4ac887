import type { Board } from "../../boards/board.js";

/** What a board's chip draws and where that is from; or what is missing, and why. */
export function powerText({ power }: Board): string {
  if (typeof power === "string") return power;
  const { deepSleepMilliamps, lightSleepMilliamps, activeMilliamps, receiveMilliamps, transmitMilliamps } = power;
  const states: readonly (readonly [string, number | undefined])[] = [
    ["active", activeMilliamps],
    ["receiving", receiveMilliamps],
    ["sending", transmitMilliamps],
    ["light sleep", lightSleepMilliamps],
    ["deep sleep", deepSleepMilliamps],
  ];
  const known = states.flatMap(([name, milliamps]) => (milliamps === undefined ? [] : [`${name} ${milliamps} mA`]));
  return `${known.join(", ")} at ${power.volts} V, the chip alone (${power.source})`;
}

/** Whether a board can sleep deeply, and how well it knows the time then; or why not. */
export function sleepText({ deepSleep }: Board): string {
  if (typeof deepSleep === "string") return `no: ${deepSleep}`;
  return `yes; its clock is off by at most ${deepSleep.clockPpm / 10_000} % meanwhile, and it boots in ${deepSleep.bootMs} ms (${deepSleep.source})`;
}
