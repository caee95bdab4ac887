import { errorKind } from "./sertao-error.js";

export const linkUnknown = errorKind(
  "LINK_UNKNOWN",
  "No link profile has the name given to --link.",
  (name: string, known: string) => `There is no link profile "${name}"; there are ${known}.`,
  "Name one of them with --link.",
);

export const readingsUnknown = errorKind(
  "READINGS_UNKNOWN",
  "The application names no source of readings that the simulator has, and no recording is given.",
  (application: string, known: string) => `${application} has no readings here; there are ${known}.`,
  "Give a recording with --replay FILE.csv, or set readings in the application's sertao.json.",
);

export const replayInvalid = errorKind(
  "REPLAY_INVALID",
  "A recording given to --replay cannot be read as a table of readings over time.",
  (path: string, problem: string) => `${path}: ${problem}.`,
  "Correct the file: a header, a time column, one column per channel.",
);

export const replayChannelMissing = errorKind(
  "REPLAY_CHANNEL_MISSING",
  "A recording has no column for a channel that the application reads.",
  (path: string, channel: string, columns: string) => `${path} has no column "${channel}"; its columns are ${columns}.`,
  "Say which column it is with --map channel=column.",
);

export const resultsLost = errorKind(
  "RESULTS_LOST",
  "A simulated device reported results that neither arrived nor wait on the device.",
  (lost: number) => `${lost} result${lost === 1 ? " was" : "s were"} lost.`,
  "Run again with the same --seed and --trace FILE to see where.",
);

export const deviceCrashed = errorKind(
  "DEVICE_CRASHED",
  "The application on a simulated device threw, hung or ran out of memory.",
  (crashes: number, last: string) => `The application failed ${crashes} time${crashes === 1 ? "" : "s"}: ${last}.`,
  "Run again with the same --seed and --trace FILE to see where.",
);

export const chargeUnknown = errorKind(
  "CHARGE_UNKNOWN",
  "A plot of the charge was asked for, and what the board draws is not known.",
  (why: string) => `There is nothing to plot. ${why}`,
  "Leave out --plot, or simulate a board whose figures `sertao boards` shows.",
);
