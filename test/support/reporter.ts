import { relative } from "node:path";
import type { Reporter, TestCase } from "vitest/node";

/** Ends a run with the names of what was skipped, so that nothing is left out silently, and with a plain count. */
export default class SkipReporter implements Reporter {
  readonly #counts = { passed: 0, failed: 0, skipped: 0 };
  readonly #skipped: string[] = [];
  #broken = 0;

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result();
    if (state === "pending") return;
    this.#counts[state]++;
    if (state === "skipped") this.#skipped.push(`${relative(process.cwd(), test.module.moduleId)} > ${test.fullName}`);
  }

  onTestModuleEnd(module: Parameters<NonNullable<Reporter["onTestModuleEnd"]>>[0]): void {
    if (module.errors().length > 0) this.#broken++;
  }

  onTestRunEnd(): void {
    for (const name of this.#skipped.sort()) console.log(`skipped: ${name}`);
    const { passed, failed, skipped } = this.#counts;
    console.log(`${passed} passed, ${failed + this.#broken} failed, ${skipped} skipped`);
  }
}
