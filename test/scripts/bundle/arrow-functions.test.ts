import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { describe, expect, it, test } from "vitest";
import { arrowFunctions } from "../../../scripts/bundle/arrow-functions.js";
import { findCommand } from "../../../scripts/engine/find-command.js";

const NO_MAP = JSON.stringify({ version: 3, sources: [], names: [], mappings: "" });
const written = (code: string): string => arrowFunctions({ code, map: NO_MAP }).code;

describe("functions as arrows", () => {
  it.each([
    ["f(function(a){return a+1})", "f(a=>a+1)"],
    ["f(function(){return{a:1}})", "f(()=>({a:1}))"],
    ["f(function(a,b){return g(),b})", "f((a,b)=>(g(),b))"],
    ["f(function(a){g(a)})", "f(a=>{g(a)})"],
    ["x=function(a){return a}(1)", "x=(a=>a)(1)"],
    ["x=y||function(){return 1}", "x=y||(()=>1)"],
    ["x={a:function(b){return b}}", "x={a:b=>b}"],
  ])("%s", (before, after) => {
    expect(written(before)).toBe(after);
  });

  it.each([
    "f(function(){return this.a})",
    "f(function(){return arguments[0]})",
    "x=function a(n){return n?a(n-1):0}",
    "x={get a(){return 1}}",
    "x=function(n){y=n},z=new x(1)",
  ])("keeps what asks for itself or constructs: %s", (code) => {
    expect(written(code)).toBe(code);
  });

  it("makes declarations one variable statement with what follows, in their order", () => {
    const code = "function a(n){return n+1}function B(n){this.n=n}function c(){g()}var d=a(1),e=new B(d);c()";
    expect(written(code)).toBe("var a=n=>n+1,B=function(n){this.n=n},c=()=>{g()},d=a(1),e=new B(d);c()");
    expect(written("!function(){function a(n){return n}g(a)}()")).toBe("!(()=>{var a=n=>n;g(a)})()");
  });

  it("moves the map along", () => {
    const code = "f(function(a){return a+1});g(h)";
    const map = JSON.stringify({ version: 3, sources: ["a.js"], names: [], mappings: "AAAA,2BAA2B" });
    const arrows = arrowFunctions({ code, map });
    const column = arrows.code.indexOf("g(h)");
    expect(originalPositionFor(new TraceMap(arrows.map), { line: 1, column }).column).toBe(code.indexOf("g(h)"));
  });
});

const PROGRAM = `!function(){function a(n){return n?n+b(n-1):0}function b(n){return n>2?a(n):[n].map(function(x){return x*2})[0]}
function P(n){this.n=n,this.f=function(){return n+1}}function last(){var t=0;return[1,2,3].forEach(function(x){t+=x}),t}
var o={v:function(x,y){return{s:x+y}},g:function(){return t(),7}},s="";function t(){s+="t"}
print("@",a(5),new P(3).f(),last(),o.v(1,2).s,o.g(),s,function(x){return x?"y":"n"}(0)||1,(o.z||function(){return 8})())}()`;

test("an engine runs them as it runs functions", () => {
  const lines: string[] = [];
  const print = (...values: unknown[]): number => lines.push(values.join(" "));
  for (const code of [PROGRAM, written(PROGRAM)]) new Function("print", code)(print);
  expect(lines[1]).toBe(lines[0]);
});

for (const engine of ["espruino", "espruino-field"]) {
  const command = findCommand(engine);
  test.skipIf(!command)(`${engine} runs them as it runs functions (needs ${engine})`, () => {
    const folder = mkdtempSync(join(tmpdir(), "sertao-arrows-"));
    try {
      // Espruino defines functions where it meets them: the second declaration after a statement is not for it.
      const early = PROGRAM.replace('function t(){s+="t"}\n', "\n").replace("var o=", 'function t(){s+="t"}var o=');
      writeFileSync(join(folder, "arrows.js"), `${early}\n${written(early)}\n`);
      const output = execFileSync("sh", ["-c", `sleep 1 | ${command!} arrows.js`], { cwd: folder, encoding: "utf8" });
      const said = [...output.matchAll(/@ (.*)/g)].map((match) => match[1]!.trim());
      expect(said).toHaveLength(2);
      expect(said[1]).toBe(said[0]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
