import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Mutant } from "./mutant.js";
import type { Subject } from "./subjects.js";
import type { TrialEnd } from "./trial-worker.js";
import { compiledName, sourceText, type WorkingCopy } from "./working-copy.js";

/** Longer than all tests take: a mutant that needs more hangs. */
const TIMEOUT_MS = 120000;
const HEAP_MB = 600;

/** What came of a mutant. */
export interface Verdict {
  readonly isKilled: boolean;
  /** The test that failed, or that time ran out. */
  readonly by?: string;
  readonly why?: string;
}

/** Runs a subject's tests with a mutant in its sources, those that are about the mutant's file first. */
export async function tryMutant(copy: WorkingCopy, subject: Subject, mutant: Mutant | undefined): Promise<Verdict> {
  const folder = copy.make(mutant);
  try {
    const order = testsFor(subject, mutant?.file);
    const files = order.map((test) => join(folder, compiledName(test)));
    const { failed, why } = await inWorker(join(folder, "scripts/mutants/trial-worker.js"), files);
    return {
      isKilled: failed !== undefined,
      ...(failed !== undefined && { by: failed }),
      ...(why !== undefined && { why }),
    };
  } finally {
    copy.remove(folder);
  }
}

/** Test files for a source file: those that name what it is about come first. All of them where no file is given. */
function testsFor(subject: Subject, file: string | undefined): string[] {
  if (file === undefined) return [...subject.tests, ...subject.testsFor.map(({ test }) => test)];
  const stem = file
    .split("/")
    .at(-1)!
    .replace(/(-native)?\.ts$/, "");
  const words = [stem, stem.toUpperCase().replaceAll("-", "_")];
  const isAbout = (test: string): boolean => words.some((word) => sourceText(test).includes(word));
  const more = subject.testsFor.filter(({ files }) => files.test(file)).map(({ test }) => test);
  return [...subject.tests.filter(isAbout), ...subject.tests.filter((test) => !isAbout(test)), ...more];
}

function inWorker(script: string, files: readonly string[]): Promise<TrialEnd> {
  return new Promise((resolve) => {
    const worker = new Worker(script, {
      workerData: files,
      stdout: true,
      stderr: true,
      // A mutant may fill all memory: the worker alone ends of it.
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const end = (result: TrialEnd): void => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(result);
    };
    const timer = setTimeout(() => end({ failed: "time", why: `no end after ${TIMEOUT_MS / 1000} s` }), TIMEOUT_MS);
    worker.once("message", (result: TrialEnd) => end(result));
    worker.once("error", (error) => end({ failed: "the engine", why: String(error) }));
    worker.once("exit", (code) => end({ failed: "the engine", why: `exit ${code}` }));
  });
}
