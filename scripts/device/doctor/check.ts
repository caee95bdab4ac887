import { SertaoError } from "../../errors/sertao-error.js";

/** Something that was looked at. */
export interface Check {
  readonly name: string;
  /** `note`: neither good nor bad. */
  readonly state: "ok" | "note" | "finding";
  readonly text: string;
  /** What to do about a finding. */
  readonly remedy?: string;
}

export function ok(name: string, text: string): Check {
  return { name, state: "ok", text };
}

export function note(name: string, text: string): Check {
  return { name, state: "note", text };
}

export function finding(name: string, text: string, remedy: string): Check {
  return { name, state: "finding", text, remedy };
}

/** A finding out of what a command would have ended with; what nobody can act on is thrown again. */
export function findingOf(name: string, error: unknown): Check {
  if (!(error instanceof SertaoError)) throw error;
  return finding(name, `${error.code}: ${error.problem}`, error.remedy);
}
