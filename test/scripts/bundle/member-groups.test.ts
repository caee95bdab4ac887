import { runInNewContext } from "node:vm";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { build } from "./app-folder.js";

function printed(code: string): string[] {
  const lines: string[] = [];
  runInNewContext(code, { print: (line: unknown) => lines.push(String(line)) });
  return lines;
}

/** What goes through it, the minifier knows nothing of. */
const HIDE = "function hide<T>(value: T): T { return [value][new Date(0).getTime()]!; }";

/** The bundle, which prints what its source prints. */
async function same(source: string): Promise<string> {
  const text = `declare function print(line: unknown): void;\n${HIDE}\n${source}`;
  const { outputText } = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2020 } });
  const { code } = await build(text);
  const expected = printed(outputText.replace(/^export \{\};$/m, ""));
  expect(expected.length).toBeGreaterThan(0);
  expect(printed(code)).toEqual(expected);
  return code;
}

/** Sixty classes of one member each: their names do not fit into one letter unless they are shared. */
const CROWD = Array.from(
  { length: 60 },
  (_, i) => `class C${i} { _m${i} = hide(${i}); } print(hide(new C${i}())._m${i} + hide(new C${i}())._m${i});`,
).join("\n");

describe("short names for members", () => {
  test("are shared by classes that have nothing to do with each other", async () => {
    const code = await same(CROWD);
    expect(code).not.toMatch(/this\.[A-Za-z_$][A-Za-z0-9_$]/);
  });

  test("are told apart within a class, whatever else is short", async () => {
    const members = Array.from({ length: 60 }, (_, i) => `_p${i} = hide(${i});`).join(" ");
    const reads = Array.from({ length: 60 }, (_, i) => `hide(b)._p${i}`).join(" + ','+ ");
    await same(`${CROWD}\nclass Big { ${members} } const b = new Big(); print(${reads});`);
  });

  test("an optional member that an object lacks is not answered by another of its members", async () => {
    await same(`${CROWD}
      interface Rule { readonly above?: number; readonly below?: number; readonly every?: boolean }
      interface Named { readonly title?: string }
      const rules: Rule[] = [{ above: 1 }, { every: true }, {}, { below: 2, every: false }];
      const wide = { size: 3, weight: 4, colour: "red" };
      const named: Named[] = [hide(wide) as Named, { title: "t" }];
      for (const rule of rules) print([rule.above, rule.below, rule.every]);
      for (const one of named) print(one.title);
      print(wide.size + wide.weight + wide.colour);`);
  });

  test("an object that is taken for another type keeps both apart", async () => {
    await same(`${CROWD}
      class Part { _id = hide(1); _load = hide(2); }
      interface Labelled { _id: number; _label?: string }
      function show(one: Labelled): void { print([one._id, one._label]); }
      show(hide(new Part()));
      show({ _id: 7, _label: "l" });
      const half = hide({ _only: 5 });
      print((half as { _only: number; _more?: number })._more);
      print(half._only + hide(new Part())._load);`);
  });
});
