/** A small fault in a source file: a piece of its text becomes another. */
export interface Mutant {
  /** Path from the package's root, with slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
  readonly from: string;
  readonly to: string;
  /** The line it is in, without blanks at its ends. */
  readonly text: string;
  /** Which of the line's mutants with the same change it is, from 0. */
  readonly nth: number;
}

/** How messages and the command line name a mutant. */
export function mutantName({ file, line, column }: Mutant): string {
  return `${file}:${line}:${column}`;
}

/** A mutant that changes nothing that anybody can see, and why. */
export interface Equivalent {
  readonly file: string;
  readonly text: string;
  readonly from: string;
  readonly to: string;
  /** 0 where left out. */
  readonly nth?: number;
  readonly why: string;
}

/** The entry of a list that is about a mutant. */
export function equivalentOf(mutant: Mutant, list: readonly Equivalent[]): Equivalent | undefined {
  return list.find(
    ({ file, text, from, to, nth = 0 }) =>
      file === mutant.file && text === mutant.text && from === mutant.from && to === mutant.to && nth === mutant.nth,
  );
}
