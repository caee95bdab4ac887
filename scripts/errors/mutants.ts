import { errorKind } from "./sertao-error.js";

export const mutantSubjectUnknown = errorKind(
  "MUTANT_SUBJECT",
  "No part of the sources with that name can be tried with mutants, or no mutant of it has the place given.",
  (name: string, known: string) => `There is no ${name} among ${known}.`,
  "Choose one of them.",
  2,
);

export const mutantsUnsound = errorKind(
  "MUTANT_TESTS_FAIL",
  "The tests fail without any mutant, so a mutant would prove nothing.",
  (test: string) => `The sources as they are fail: ${test}.`,
  "Run npm test and correct what fails.",
);
