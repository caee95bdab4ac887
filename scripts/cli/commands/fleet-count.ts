import { InvalidArgumentError } from "commander";

/** Parses an option that is a whole number above 0. */
export function positiveCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError("It is a whole number above 0.");
  return count;
}
