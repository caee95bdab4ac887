import { describe, expect, test } from "vitest";
import type { EngineName } from "../../../../boards/board.js";
import { ENGINE_RULES } from "../../../../scripts/bundle/dialect/engines.js";
import { inspect } from "../../../../scripts/bundle/dialect/gate.js";

interface Case {
  engine: EngineName;
  rule: string;
  refused: string[];
  allowed?: string[];
}

const cases: Case[] = [
  { engine: "espruino", rule: "default parameter", refused: ["function f(a = 1) { return a; }"] },
  { engine: "espruino", rule: "rest or spread", refused: ["function f(...a) { return a; }", "print(...[1]);"] },
  { engine: "espruino", rule: "destructuring", refused: ["var { a } = print;", "var [a] = print;"] },
  { engine: "espruino", rule: "optional chaining", refused: ["print?.a;"] },
  { engine: "espruino", rule: "logical assignment", refused: ["var a; a ??= 1;", "var a; a ||= 1;"] },
  { engine: "espruino", rule: "power operator", refused: ["print(2 ** 3);", "var a = 2; a **= 2;"] },
  { engine: "espruino", rule: "async or await", refused: ["async function f() {}", "var f = async () => 1;"] },
  { engine: "espruino", rule: "generator", refused: ["function* f() {}"] },
  { engine: "espruino", rule: "tagged template", refused: ["print`a`;"], allowed: ["print(`a`);"] },
  { engine: "espruino", rule: "computed key", refused: ["var o = { ['a']: 1 };"], allowed: ["var o = { 'a': 1 };"] },
  { engine: "espruino", rule: "#private member", refused: ["class A { #a = 1; b() { return this.#a; } }"] },
  { engine: "espruino", rule: "class field", refused: ["class A { a = 1; }"], allowed: ["class A { a() {} }"] },
  { engine: "espruino", rule: "with", refused: ["with (print) { }"] },
  { engine: "espruino", rule: "BigInt", refused: ["print(1n);"] },
  { engine: "espruino", rule: "direct eval", refused: ["eval('1');"] },
  { engine: "espruino", rule: "import or export", refused: ["import('a');"] },
  { engine: "espruino", rule: "label", refused: ["a: for (;;) break a;"], allowed: ["for (;;) break;"] },
  {
    engine: "espruino",
    rule: "let of a loop in a closure",
    refused: ["for (let i = 0; i < 3; i++) setTimeout(function () { print(i); }, 1);"],
    allowed: ["for (let i = 0; i < 3; i++) print(i);"],
  },
  {
    engine: "espruino",
    rule: "function declared in a block",
    refused: ["if (print) { function f() {} }", "if (print) function f() {}"],
    allowed: ["function f() { function g() {} }", "(function () { function g() {} })();"],
  },
  {
    engine: "espruino",
    rule: "function used before its declaration",
    refused: [
      "f(); function f() {}",
      "var a = f; function f() {}",
      "(function () { print(1); function f() {} })();",
      "function g() { return f(); } g(); function f() {}",
    ],
    allowed: [
      "function f() {} f();",
      "function g() { return f(); } function f() {} g();",
      "var a = 1; function f() {}",
    ],
  },
  {
    engine: "espruino",
    rule: "variable used before or outside its var",
    refused: [
      "if (print) { var a = 1; } a = 2;",
      "a = 1; var a;",
      "(function () { return a = 1, a; var a; })();",
      "for (;;) { var b = 1; } print(b);",
      "switch (1) { case 1: var c = 1; } c = 2;",
      "try { print(1); } catch (e) { var d = 1; } d = 2;",
    ],
    allowed: [
      "var a; if (print) { a = 1; } a = 2;",
      "if (print) { var a = 1; print(a); }",
      "for (var i = 0; i < 3; i++); print(i);",
      "for (var k in print); print(k);",
      "function f(a) { a = 1; var a; }",
      "function f() { return a; } var a = 1; f();",
      "function h(i) { var h = 1; return h + i; }",
    ],
  },
  {
    engine: "espruino",
    rule: "assignment to an undeclared variable",
    refused: ["a = 1;", "a++;", "for (k in print);"],
    allowed: ["var a; a = 1;", "try { print(1); } catch (e) { e = 1; }"],
  },
  {
    engine: "espruino",
    rule: "default that is not the last case",
    refused: ["switch (1) { default: print(1); case 1: print(2); }"],
    allowed: ["switch (1) { case 1: print(2); default: print(1); }", "switch (1) { case 1: }"],
  },
  {
    engine: "espruino",
    rule: "regular expression",
    refused: ["/a{2}/", "/a(?=b)/", "/(?:a)/", "/a+?/", "/(a)\\1/", "/\\bfoo/", "/a/y", "new RegExp('a{2}')"].map(
      (text) => `print(${text});`,
    ),
    allowed: ["/[a{2}?]+/i", "/\\{2\\}/", "/^(a|b)*\\d$/g", "/[\\b]/"].map((text) => `print(${text});`),
  },
  {
    engine: "espruino",
    rule: "character above 255",
    refused: ["print('\u20ac');", "print('\\u20ac');"],
    allowed: ["print('\\xe9');"],
  },
  {
    engine: "espruino",
    rule: "global that the engine lacks",
    refused: ["new Map();", "Symbol();", "document.title;", "queueMicrotask(print);"],
    allowed: ["digitalWrite(D21, 1);", "typeof Map;", "if (typeof Map !== 'undefined') new Map();", "var Map; Map();"],
  },
  {
    engine: "espruino",
    rule: "built-in that the engine lacks",
    refused: ["Math.imul(1, 2);", "Array.from([]);", "Math['trunc'](1);", "Number.isInteger(1);", "Object.freeze({});"],
    allowed: ["Math.floor(1);", "var Math = { imul: print }; Math.imul(1);"],
  },
  {
    engine: "espruino",
    rule: "method that the engine lacks",
    refused: ["[1].flat();", "'a'.at(0);", "[1].reduceRight(print);"],
    allowed: ["[1].map(print);", "function R() {} R.prototype.at = function () {}; new R().at(1);"],
  },
  {
    engine: "espruino",
    rule: "inexact function",
    refused: ["Math.round(1);", "Math.pow(2, 31);"],
    allowed: ["Math.floor(1);"],
  },
  {
    engine: "microquickjs",
    rule: "let, const or class",
    refused: ["let a = 1;", "class A {}"],
    allowed: ["var a = 1;"],
  },
  { engine: "microquickjs", rule: "arrow function or template", refused: ["var f = () => 1;", "print(`a`);"] },
  { engine: "microquickjs", rule: "array with a hole", refused: ["print([1, , 2]);"], allowed: ["print([1, 2]);"] },
  {
    engine: "microquickjs",
    rule: "boxed value",
    refused: ["new Number(1);", "new String('');"],
    allowed: ["Number(1);"],
  },
  {
    engine: "microquickjs",
    rule: "catch variable with a name in use",
    refused: [
      "try { print(1); } catch (e) {} try { print(1); } catch (e) {}",
      "function f(e) { try { print(1); } catch (e) {} }",
      "function f() { try { print(1); } catch (n) {} var n; }",
    ],
    allowed: ["function f() { try { print(1); } catch (e) {} } function g() { try { print(1); } catch (e) {} }"],
  },
];

/** The rules by name that speak about a script, the sources of which are its own lines. */
function rulesFor(code: string, engine: EngineName): string[] {
  const map = JSON.stringify({ version: 3, sources: [], names: [], mappings: "" });
  return inspect({ code, map }, engine).map(({ rule }) => rule);
}

describe("dialect rules", () => {
  describe.each(cases)("$engine: $rule", ({ engine, rule, refused, allowed = [] }) => {
    test.each(refused)("finds %s", (code) => expect(rulesFor(code, engine)).toContain(rule));
    test.each(allowed)("passes %s", (code) => expect(rulesFor(code, engine)).not.toContain(rule));
  });

  test("every rule has a case", () => {
    const tried = new Set(cases.map(({ rule }) => rule));
    const names = Object.values(ENGINE_RULES).flatMap((rules) => rules.map(({ name }) => name));
    expect([...new Set(names)].filter((name) => !tried.has(name))).toEqual([]);
  });

  test("an engine with ES2015 may have what the others lack", () => {
    expect(rulesFor("let a = new Map(); print(Math.imul(...[1, 2]) ** 2);", "jerryscript")).toEqual([]);
  });
});
