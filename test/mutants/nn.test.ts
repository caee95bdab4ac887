import { describe, expect, it } from "vitest";
import { findMutants } from "../../scripts/mutants/find-mutants.js";
import { equivalentOf, mutantName, type Mutant } from "../../scripts/mutants/mutant.js";
import { mutantsOf, runMutants, sampleOf } from "../../scripts/mutants/run-mutants.js";
import { subjects } from "../../scripts/mutants/subjects.js";

const nn = subjects.find(({ name }) => name === "nn")!;

/** Files whose first sum or product becomes another; npm run mutants -- nn tries many more. */
const FILES = [
  "lib/nn/dense-rows.ts",
  "lib/nn/high-mul.ts",
  "lib/nn/pool.ts",
  "lib/nn/requantizer.ts",
  "lib/nn/window.ts",
  "lib/nn/espruino/conv-2d-native.ts",
  "scripts/model/requantize/step-function.ts",
];

function firstProduct(mutants: readonly Mutant[], file: string): Mutant {
  const own = mutants.filter((mutant) => mutant.file === file);
  return own.find(({ from }) => from === "*") ?? own.find(({ from }) => from === "+")!;
}

it("a wrong operation in a kernel, a table or a fit makes a test fail", { timeout: 240_000 }, async () => {
  const { mutants } = mutantsOf(nn);
  const chosen = FILES.map((file) => firstProduct(mutants, file));
  const tried = await runMutants(nn, chosen, { jobs: 2, isSound: true });
  const survivors = tried
    .filter(({ isKilled }) => !isKilled)
    .map(({ mutant }) => `${mutantName(mutant)} ${mutant.text}`);
  expect(survivors).toEqual([]);
  expect(tried).toHaveLength(FILES.length);
});

describe("findMutants", () => {
  const found = (text: string): string[] => findMutants("a.ts", text).map(({ from, to }) => `${from} → ${to}`);

  it("changes operators, constants, conditions, methods and statements", () => {
    expect(found("const a = b < c + 1;")).toEqual(["< → <=", "< → >=", "+ → -", "1 → 2", "1 → 0"]);
    expect(found("i++;")).toEqual(["i++; → ;", "++ → --"]);
    expect(found("const a = Math.min(b, c);")).toEqual(["min → max"]);
    expect(found("const a = b ? c : d;")).toEqual(["b → (true || b)", "b → (false && b)"]);
    expect(found("const a = b << 0.5;")).toEqual(["<< → >>", "0.5 → 0.505"]);
  });

  it("passes over types, names, and what only refuses", () => {
    expect(found('import { a } from "b";\ntype A = 1 | 2;\nconst o = { code: 5, version: 2 };')).toEqual([]);
    expect(found("if (a < 1) context.fail();\nif (b > 2) throw new Error(c + d);\nnode.refuse(1 + 2);")).toEqual([]);
  });

  it("tells mutants of one line apart", () => {
    const [first, second] = findMutants("a.ts", "const a = b - c - d;");
    expect([first!.nth, second!.nth]).toEqual([0, 1]);
    const entry = { file: "a.ts", text: "const a = b - c - d;", from: "-", to: "+", nth: 1, why: "because" };
    expect(equivalentOf(first!, [entry])).toBeUndefined();
    expect(equivalentOf(second!, [entry])).toBe(entry);
  });
});

it("a sample is the same for the same seed, and in the order of the files", () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  const sample = sampleOf(items, 10, 3);
  expect(sample).toEqual(sampleOf(items, 10, 3));
  expect(sample).not.toEqual(sampleOf(items, 10, 4));
  expect(sample).toEqual([...sample].sort((a, b) => a - b));
  expect(new Set(sample).size).toBe(10);
});
