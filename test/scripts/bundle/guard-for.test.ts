import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { expect, test } from "vitest";
import { guardFor } from "../../../scripts/bundle/guard-for.js";
import { minify } from "../../../scripts/bundle/minify.js";

test("a function at the start of a for is guarded, and the map moves along", async () => {
  const source =
    "function once() { for (var k = 0; k < 3; k++) print(k); }\n" +
    "function twice(n) { once(); for (var i = 0; i < n; i++) print('x'); return print(n); }\n" +
    "twice(print(1)); twice(print(2));\n";
  const map = JSON.stringify({
    version: 3,
    sources: ["a.js"],
    sourcesContent: [source],
    names: [],
    mappings: source
      .split("\n")
      .map((_, line) => (line === 0 ? "AAAA" : "AACA"))
      .join(";"),
  });
  const { code } = await minify({ code: source, map });
  expect(code).not.toMatch(/for\(function/);
});

test("only such a for is touched", () => {
  const code = "for(function(){a()}(),i=0;i<2;i++)b();for(i=function(){};;)c();";
  const map = JSON.stringify({ version: 3, sources: ["a.js"], names: [], mappings: "AAAA,IAAI,uCACA" });
  const guarded = guardFor({ code, map });
  expect(guarded.code).toBe("for(!function(){a()}(),i=0;i<2;i++)b();for(i=function(){};;)c();");
  const before = new TraceMap(map);
  const after = new TraceMap(guarded.map);
  expect(originalPositionFor(after, { line: 1, column: 5 })).toEqual(
    originalPositionFor(before, { line: 1, column: 4 }),
  );
  expect(originalPositionFor(after, { line: 1, column: 60 })).toEqual(
    originalPositionFor(before, { line: 1, column: 59 }),
  );
});
