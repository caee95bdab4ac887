import type { Node } from "acorn";
import { parseScript } from "./dialect/script.js";
import { variableHoisting } from "./dialect/rules/variable-hoisting.js";
import type { Script } from "./minify.js";

/**
 * Declares at the top of its function every variable that is used before or outside its `var`. The minifier hoists
 * only where a function has two `var` statements or more, and may leave a single one behind a `return`; with a second
 * it hoists both. The text goes to the end of a line, so the source map stays true.
 * @param script with every function body beginning on a line of its own
 */
export function declareEarly(script: Script): Script {
  const parsed = parseScript(script.code);
  const names = new Map<number, Set<string>>();
  variableHoisting.find(parsed, (node, name) => {
    const use = parsed.references.find((reference) => reference.node === node)!;
    const at = bodyStart(use.declaredIn!.node);
    if (at !== undefined) names.set(at, (names.get(at) ?? new Set()).add(name!));
  });
  let code = "";
  let from = 0;
  for (const [at, early] of [...names].sort(([a], [b]) => a - b)) {
    if (script.code[at] !== "\n") throw new Error("a function body does not begin on a line of its own");
    code += `${script.code.slice(from, at)}var ${[...early].join(",")};`;
    from = at;
  }
  return { code: code + script.code.slice(from), map: script.map };
}

function bodyStart(owner: Node): number | undefined {
  const { body } = owner as Node & { body: Node | Node[] };
  return Array.isArray(body) ? undefined : body.start + 1;
}
