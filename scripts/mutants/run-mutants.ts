import { mutantsUnsound } from "../errors/mutants.js";
import { findMutants } from "./find-mutants.js";
import { equivalentOf, type Mutant } from "./mutant.js";
import type { Subject } from "./subjects.js";
import { tryMutant, type Verdict } from "./trial.js";
import { filesBelow, sourceText, WorkingCopy } from "./working-copy.js";

/** A mutant and what came of it. */
export interface Tried extends Verdict {
  readonly mutant: Mutant;
}

export interface MutantRun {
  readonly tried: readonly Tried[];
  /** Mutants there are, with those that change nothing. */
  readonly total: number;
  readonly equivalent: number;
}

export interface MutantRunOptions {
  /** Trials at one time. */
  readonly jobs: number;
  /** True where it is known that the tests pass without a mutant. */
  readonly isSound?: boolean;
  /** Called after each trial. */
  onTried?(tried: Tried, done: number): void;
}

/** All mutants of a subject, in the order of their files, without those known to change nothing. */
export function mutantsOf(subject: Subject): { readonly mutants: Mutant[]; readonly equivalent: number } {
  const all = filesBelow(subject.sources)
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => findMutants(file, sourceText(file)));
  const mutants = all.filter((mutant) => equivalentOf(mutant, subject.equivalents) === undefined);
  return { mutants, equivalent: all.length - mutants.length };
}

/** Some of a list, drawn by chance and kept in its order. @param seed another one, another sample */
export function sampleOf<Item>(items: readonly Item[], count: number, seed: number): Item[] {
  let state = seed >>> 0 || 1;
  const keyed = items.map((item, index) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return { item, index, key: state >>> 0 };
  });
  const chosen = keyed.sort((a, b) => a.key - b.key).slice(0, count);
  return chosen.sort((a, b) => a.index - b.index).map(({ item }) => item);
}

/**
 * Tries mutants: the subject's tests must fail with each of them in the sources.
 * @throws SertaoError MUTANT_TESTS_FAIL where they fail without any
 */
export async function runMutants(
  subject: Subject,
  mutants: readonly Mutant[],
  { jobs, isSound = false, onTried }: MutantRunOptions,
): Promise<Tried[]> {
  const copy = new WorkingCopy(subject);
  try {
    if (!isSound) {
      const sound = await tryMutant(copy, subject, undefined);
      if (sound.isKilled) throw mutantsUnsound(`${sound.by}: ${sound.why}`);
    }
    const tried: Tried[] = [];
    let next = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      while (next < mutants.length) {
        const at = next++;
        const mutant = mutants[at]!;
        tried[at] = { mutant, ...(await tryMutant(copy, subject, mutant)) };
        onTried?.(tried[at], ++done);
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
    return tried;
  } finally {
    copy.dispose();
  }
}
