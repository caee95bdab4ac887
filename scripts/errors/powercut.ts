import { errorKind } from "./sertao-error.js";

export const powercutUnknown = errorKind(
  "POWERCUT_UNKNOWN",
  "No power-cut scenario has the given name.",
  (name: string, known: string) => `${name} is not one of ${known}, nor the beginning of one.`,
  "Choose one of them, or none for all.",
  2,
);

export const powercutForm = errorKind(
  "POWERCUT_FORM",
  "The operation or the form of a power cut cannot be read.",
  (text: string) => `${text} is no power cut.`,
  "Give --cut and --form together, as a violation prints them: --cut 231 --form prefix/5.",
  2,
);
