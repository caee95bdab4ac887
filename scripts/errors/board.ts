import { errorKind } from "./sertao-error.js";

export const boardUnknown = errorKind(
  "BOARD_UNKNOWN",
  "No board has the name given.",
  (id: string, known: string) => `There is no board "${id}"; there are ${known}.`,
  "Run `sertao boards` for what each is.",
);

export const boardContradiction = errorKind(
  "BOARD_CONTRADICTION",
  "A board file contradicts itself: overlapping regions, a pin used twice, a budget over the capacity.",
  (id: string, problems: string) => `Board "${id}": ${problems}`,
  "Correct the board's file.",
);
