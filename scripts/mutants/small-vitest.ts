import { isDeepStrictEqual } from "node:util";
import { inspect } from "node:util";

/*
 * As much of vitest as the tests of the kernels use, so that a trial of a mutant takes no longer than its tests. The tests
 * themselves run under vitest.
 */

interface TestCase {
  readonly name: string;
  readonly run: () => unknown;
}

/** Tests in the order they were declared. */
export const tests: TestCase[] = [];

type Body = (...values: never[]) => unknown;

function declare(name: string, run: Body): void {
  tests.push({ name, run: run as () => unknown });
}

declare.each =
  (rows: readonly unknown[]) =>
  (name: string, run: Body): void => {
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      tests.push({
        name: `${name} ${inspect(values[0])}`,
        run: () => (run as (...list: unknown[]) => unknown)(...(values as unknown[])),
      });
    }
  };
declare.skipIf = (skip: boolean) => (skip ? Object.assign(() => undefined, { each: () => () => undefined }) : declare);

export { declare as it, declare as test };

export function describe(_name: string, body: () => void): void {
  body();
}

describe.skipIf = (skip: boolean) => (skip ? () => undefined : describe);

export const beforeAll = declare;

export function afterAll(): void {
  // A trial ends with its process.
}

/** What a failed expectation throws. */
class Failure extends Error {}

function matchers(
  actual: unknown,
  wanted: boolean,
  what: string | undefined,
): Record<string, (...values: never[]) => void> {
  const check = (holds: boolean, relation: string, expected?: unknown): void => {
    if (holds !== wanted)
      throw new Failure(`${what ?? ""} ${inspect(actual)} ${wanted ? "" : "not "}${relation} ${inspect(expected)}`);
  };
  return {
    toBe: (expected: unknown) => check(Object.is(actual, expected), "is", expected),
    toEqual: (expected: unknown) => check(isDeepStrictEqual(actual, expected), "equals", expected),
    toBeDefined: () => check(actual !== undefined, "is defined"),
    toBeUndefined: () => check(actual === undefined, "is undefined"),
    toBeCloseTo: (expected: number, digits: number) =>
      check(Math.abs((actual as number) - expected) < 10 ** -digits / 2, "is close to", expected),
    toBeLessThan: (expected: number) => check((actual as number) < expected, "<", expected),
    toBeLessThanOrEqual: (expected: number) => check((actual as number) <= expected, "<=", expected),
    toBeGreaterThan: (expected: number) => check((actual as number) > expected, ">", expected),
    toBeGreaterThanOrEqual: (expected: number) => check((actual as number) >= expected, ">=", expected),
    toHaveLength: (expected: number) =>
      check((actual as { length: number }).length === expected, "has length", expected),
    toContain: (expected: never) => check((actual as unknown[]).includes(expected), "contains", expected),
    toThrow: (expected?: string | RegExp) => check(throws(actual as () => unknown, expected), "throws", expected),
  };
}

function throws(run: () => unknown, expected: string | RegExp | undefined): boolean {
  try {
    run();
  } catch (error) {
    const text = String((error as { message?: unknown }).message ?? error);
    return expected === undefined || (typeof expected === "string" ? text.includes(expected) : expected.test(text));
  }
  return false;
}

export function expect(actual: unknown, what?: string): Record<string, unknown> {
  return { ...matchers(actual, true, what), not: matchers(actual, false, what) };
}
