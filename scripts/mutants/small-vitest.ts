import { isDeepStrictEqual } from "node:util";
import { inspect } from "node:util";

/*
 * As much of vitest as the tests of mutants' subjects use, so that a trial of a mutant takes no longer than its tests. The
 * tests themselves run under vitest.
 */

interface TestCase {
  readonly name: string;
  readonly run: () => unknown;
}

/** Tests in the order they were declared. */
export const tests: TestCase[] = [];

type Body = (...values: never[]) => unknown;

/** What runs before each test that is declared now. */
let before: readonly (() => unknown)[] = [];

function add(name: string, run: () => unknown): void {
  const first = before;
  tests.push({
    name,
    run: async () => {
      for (const hook of first) await hook();
      await run();
    },
  });
}

function declare(name: string, run: Body): void {
  add(name, run as () => unknown);
}

export function beforeEach(run: () => unknown): void {
  before = [...before, run];
}

/** Another file's tests follow. */
export function nextFile(): void {
  before = [];
}

declare.each =
  (rows: readonly unknown[]) =>
  (name: string, run: Body): void => {
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      add(`${name} ${inspect(values[0])}`, () => (run as (...list: unknown[]) => unknown)(...(values as unknown[])));
    }
  };
declare.skipIf = (skip: boolean) => (skip ? Object.assign(() => undefined, { each: () => () => undefined }) : declare);

export { declare as it, declare as test };

export function describe(_name: string, body: () => void): void {
  const outer = before;
  body();
  before = outer;
}

describe.skipIf = (skip: boolean) => (skip ? () => undefined : describe);

/** A test of its own that all after it rely on. */
export function beforeAll(run: () => unknown): void {
  tests.push({ name: "before all", run });
}

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
    toEqual: (expected: unknown) => check(equals(actual, expected), "equals", expected),
    toMatchObject: (expected: object) => check(matches(actual, expected), "matches", expected),
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

/** As toEqual: what is undefined may be missing, and any bytes equal the same bytes. */
function equals(actual: unknown, expected: unknown): boolean {
  if (actual instanceof Uint8Array && expected instanceof Uint8Array) return Buffer.compare(actual, expected) === 0;
  if (Array.isArray(actual) && Array.isArray(expected))
    return actual.length === expected.length && actual.every((item, i) => equals(item, expected[i]));
  if (!isPlain(actual) || !isPlain(expected)) return isDeepStrictEqual(actual, expected);
  return Object.keys({ ...actual, ...expected }).every((key) => equals(actual[key], expected[key]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  return [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
}

/** True where all that is expected of an object is so, of objects in it likewise. */
function matches(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== "object" || expected === null || Array.isArray(expected))
    return isDeepStrictEqual(actual, expected);
  if (typeof actual !== "object" || actual === null) return false;
  return Object.entries(expected).every(([key, value]) => matches((actual as Record<string, unknown>)[key], value));
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
