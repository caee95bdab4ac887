/** Exit statuses: failure, wrong usage, ended by Ctrl-C (128 and the signal's number, as shells say it). */
export type ExitCode = 1 | 2 | 130;

/** A failure that a user can act on: printed as one line, never as a stack trace. */
export class SertaoError extends Error {
  override readonly name = "SertaoError";

  /**
   * @param code UPPER_SNAKE, documented in docs/errors.md
   * @param cause what is wrong, with the names and numbers at hand
   * @param remedy what to do, as a command where there is one
   * @param exitCode status of the command
   */
  constructor(
    readonly code: string,
    readonly problem: string,
    readonly remedy: string,
    readonly exitCode: ExitCode = 1,
  ) {
    super(`${code}: ${problem} ${remedy}`);
  }
}

/** Makes errors of one code. `when` is the sentence that docs/errors.md prints for it. */
export interface ErrorKind<Fields extends unknown[]> {
  (...fields: Fields): SertaoError;
  readonly code: string;
  readonly when: string;
  readonly remedy: string;
}

/** Declares an error: its code, when it happens, the line it prints and the remedy. */
export function errorKind<Fields extends unknown[]>(
  code: string,
  when: string,
  problem: (...fields: Fields) => string,
  remedy: string,
  exitCode: ExitCode = 1,
): ErrorKind<Fields> {
  const make = (...fields: Fields): SertaoError => new SertaoError(code, problem(...fields), remedy, exitCode);
  return Object.assign(make, { code, when, remedy });
}
