import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { nextFile, tests } from "./small-vitest.js";

/** How the tests went: the name of the first that failed, and why; nothing where none did. */
export interface TrialEnd {
  readonly failed?: string;
  readonly why?: string;
}

/** Runs test files, in order, up to the first test that fails. */
async function run(files: readonly string[]): Promise<TrialEnd> {
  // A counterexample is enough: it need not be the smallest.
  const { default: fc } = await import("fast-check");
  fc.configureGlobal({ endOnFailure: true });
  let done = 0;
  for (const file of files) {
    nextFile();
    try {
      await import(pathToFileURL(file).href);
    } catch (error) {
      return { failed: file, why: String(error) };
    }
    for (; done < tests.length; done++) {
      const { name, run: body } = tests[done]!;
      try {
        await body();
      } catch (error) {
        return { failed: name, why: String((error as { message?: unknown }).message ?? error).slice(0, 200) };
      }
    }
  }
  return {};
}

parentPort!.postMessage(await run(workerData as readonly string[]));
