import { runInNewContext } from "node:vm";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { inlineCalls } from "../../../scripts/bundle/inline-calls.js";
import type { Script } from "../../../scripts/bundle/minify.js";
import { plainConstructors } from "../../../scripts/bundle/plain-constructors.js";

/** A script as the linker makes it, with a true map. */
function script(body: string): Script {
  const source = `(function () {\n${body}\n})();\n`;
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    fileName: "source.ts",
    compilerOptions: { target: ts.ScriptTarget.ES5, sourceMap: true, ignoreDeprecations: "6.0" },
  });
  return { code: outputText.replace(/\/\/# sourceMappingURL.*/, ""), map: sourceMapText! };
}

function printed(code: string): unknown[] {
  const lines: unknown[] = [];
  runInNewContext(code, { print: (...values: unknown[]) => lines.push(...values) });
  return lines;
}

/** Inlines, checks that the script still prints the same, and returns its code. */
function inlinedCode(body: string): string {
  const before = script(body);
  const after = inlineCalls(before);
  const wanted = printed(before.code);
  expect(wanted.length).toBeGreaterThan(0);
  expect(printed(after.code)).toEqual(wanted);
  return after.code;
}

/** Names of the functions that a script declares. */
const functionsOf = (code: string): string[] => [...code.matchAll(/function (\w+)\(/g)].map((match) => match[1]!);

describe("inlineCalls", () => {
  test("puts a function that is called once in the place of a call that is a statement", () => {
    const code = inlinedCode(`
      function add(list, n) { list.push(n); list.push(n * 2); }
      function run(list) { print("before"); add(list, 3 + list.length); print(list.join()); }
      run([1]); run([5, 6]);`);
    expect(functionsOf(code)).toEqual(["run"]);
    expect(code).toContain("list.push(");
  });

  test("takes a value that is assigned, declared or returned, whatever the order of the returns", () => {
    const code = inlinedCode(`
      function sign(n) { if (n < 0) return -1; if (n > 0) { print("up"); return 1; } else print("none"); return 0; }
      function half(n) { var h = n / 2; return h; }
      function size(n) { for (var i = 0; i < 9; i++) if (i * i >= n) return i; return 9; }
      function run(o, n) { var s = sign(n); o.half = half(n); print(s, o.half); return size(n); }
      print(run({}, -4), run({}, 0), run({}, 30));`);
    expect(functionsOf(code)).toEqual(["run"]);
  });

  test("leaves early out of what follows", () => {
    const code = inlinedCode(`
      function note(n) { if (n === 1) return; print("noted", n); if (n === 2) { print("two"); return; } print("end"); }
      function run(n) { note(n); print("after", n); }
      run(1); run(2); run(3);`);
    expect(functionsOf(code)).toEqual(["run"]);
  });

  test("keeps apart variables of one name", () => {
    const code = inlinedCode(`
      var base = 100;
      function twice(n) { var i = n * 2; n++; try { throw i; } catch (e) { i = e + n; } print(i, base); }
      function run(i, n) { var e = 7; twice(i); print(i, n, e); }
      run(1, 2); run(3, 4);`);
    expect(functionsOf(code)).toEqual(["run"]);
  });

  test.each([
    ["is called twice", "function f(n) { print(n); } function run(n) { f(n); f(n); } run(1); run(2);"],
    ["is part of an expression", "function f(n) { return n; } function run(n) { print(1 + f(n)); } run(1); run(2);"],
    ["is used as a value", "function f(n) { print(n); } function run(g) { g(1); } run(f); run(f);"],
    ["uses arguments", "function f() { print(arguments.length); } function run(n) { f(n); } run(1); run(2);"],
    ["uses this", "function f() { print(this === undefined); } function run() { f(); } run(); run();"],
    [
      "names what the caller calls something else",
      "var x = 1; function f() { print(x); } function run(x) { f(); print(x); } run(2); run(3);",
    ],
    [
      "keeps a closure over a variable of a loop",
      `function f(list, i) { list.push(function () { return i; }); }
       function run(list) { for (var i = 0; i < 3; i++) f(list, i); print(list[0](), list[2]()); } run([]); run([]);`,
    ],
    [
      "begins anew with undefined in a loop",
      `function f(n) { var first; if (n === 0) first = "yes"; print(first); }
       function run() { for (var i = 0; i < 3; i++) f(i); } run(); run();`,
    ],
    [
      "returns out of a loop to a value",
      `function f(n) { for (;;) if (n++ > 3) return n; } function run(n) { var x = f(n); print(x); } run(1); run(2);`,
    ],
  ])("leaves alone what %s", (_why, body) => {
    expect(functionsOf(inlinedCode(body))).toContain("f");
  });

  test("copies an argument that changes while the body runs", () => {
    inlinedCode(`
      function show(n, change) { change(); print(n); }
      function run(n) { show(n, function () { n = 99; }); print(n); }
      run(1); run(2);`);
    inlinedCode(`
      function show(a, b) { print(a, b); }
      function run(n) { show(n, n++); show2(n, n = 7); }
      function show2(a, b) { print(a, b); }
      run(1); run(2);`);
  });

  test("goes on until no call is left", () => {
    const code = inlinedCode(`
      function c(n) { print("c", n); }
      function b(n) { print("b", n); c(n + 1); }
      function a(n) { print("a", n); b(n + 1); }
      function run(n) { a(n); }
      run(1); run(5);`);
    expect(functionsOf(code)).toEqual(["run"]);
  });

  test("keeps the map true", () => {
    const before = script(`
      function add(list, n) {
        list.push("marked", n);
      }
      function run(list) {
        add(list, 3);
        print(list.join());
      }
      run([]); run([]);`);
    const after = inlineCalls(before);
    const origin = (one: Script, text: string): unknown => {
      const lines = one.code.split("\n");
      const line = lines.findIndex((each) => each.includes(text));
      return originalPositionFor(new TraceMap(one.map), { line: line + 1, column: lines[line]!.indexOf(text) });
    };
    expect(after.code).not.toBe(before.code);
    for (const text of ['"marked"', "list.join"]) expect(origin(after, text)).toEqual(origin(before, text));
  });
});

describe("plainConstructors", () => {
  const make = (body: string): string => {
    const before = script(body);
    const after = plainConstructors(before);
    expect(printed(after.code)).toEqual(printed(before.code));
    return after.code;
  };

  test("makes a record of a class without methods", () => {
    const code = make(`
      function Point(x, y) { this.x = x; if (y === undefined) return; this.y = y; }
      function Pair() { var t = this; t.a = new Point(1, 2); t.b = new Point(3); t.sum = function () { return t.a.x + t.b.x; }; }
      var pair = new Pair;
      print(pair.a.x, pair.a.y, pair.b.x, pair.b.y, pair.sum());`);
    expect(code).not.toContain("new ");
    expect(code).not.toContain("this");
  });

  test.each([
    "function A() { this.a = 1; } A.prototype.b = 2; print(new A().a, new A().b);",
    "function A() { this.a = 1; } var a = new A(); print(a instanceof A);",
    "function A() { return { a: 2 }; } print(new A().a);",
  ])("leaves %s alone", (body) => {
    expect(make(body)).toContain("new A()");
  });
});
