import { errorKind } from "./sertao-error.js";

export const fuzzTargetUnknown = errorKind(
  "FUZZ_TARGET",
  "Nothing of that name can be fed with hostile input.",
  (name: string, known: string) => `${name} is not one of ${known}.`,
  "Choose one of them.",
  2,
);
