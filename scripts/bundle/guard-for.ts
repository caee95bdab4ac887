import { decodedMappings, encodedMap, TraceMap } from "@jridgewell/trace-mapping";
import type { ForStatement } from "acorn";
import { parseScript } from "./dialect/script.js";
import type { Script } from "./minify.js";

/**
 * Puts "!" before a function that a `for` begins with: `for(function(){…}(),i=0;…)`, as the minifier writes what stood
 * before the loop. Espruino takes the word for a declaration and refuses it.
 */
export function guardFor(script: Script): Script {
  const starts: number[] = [];
  parseScript(script.code).walk((node) => {
    const { init } = node as ForStatement;
    if (node.type === "ForStatement" && init && script.code.startsWith("function", init.start)) starts.push(init.start);
  });
  if (starts.length === 0) return script;
  starts.sort((a, b) => a - b);
  let code = "";
  let from = 0;
  for (const start of starts) {
    code += `${script.code.slice(from, start)}!`;
    from = start;
  }
  return { code: code + script.code.slice(from), map: shifted(script, starts) };
}

/** The map of a script with one character more at each of `starts`. */
function shifted(script: Script, starts: readonly number[]): string {
  const map = new TraceMap(script.map);
  let lineStart = 0;
  const lines = script.code.split("\n").map((line) => {
    const start = lineStart;
    lineStart += line.length + 1;
    return start;
  });
  const mappings = decodedMappings(map).map((segments, line) =>
    segments.map((segment) => {
      const [column, ...rest] = segment;
      const at = lines[line]! + column;
      const before = starts.filter((start) => start >= lines[line]! && start <= at).length;
      return [column + before, ...rest] as unknown as typeof segment;
    }),
  );
  const { version, sources, sourcesContent, names } = map;
  return JSON.stringify(encodedMap(new TraceMap({ version, sources, sourcesContent, names, mappings } as never)));
}
