import { errorKind } from "./sertao-error.js";

export const usage = errorKind(
  "USAGE",
  "The words of a command do not fit it.",
  (problem: string) => problem,
  "Add --help to see what it takes.",
  2,
);
