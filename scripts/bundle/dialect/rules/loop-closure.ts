import type { Node } from "acorn";
import { full } from "acorn-walk";
import { syntaxRule } from "../rule.js";
import { isFunction } from "../script.js";

export const loopClosure = syntaxRule(
  "let of a loop in a closure",
  "Espruino gives all rounds one variable.",
  "Compile to ES5, or pass the value to a function.",
  (node, ancestors) => {
    if (node.type !== "VariableDeclaration" || (node as Node & { kind: string }).kind === "var") return false;
    const loop = ancestors.findLast((around) => /^(For|While|DoWhile)/.test(around.type));
    return loop !== undefined && containsFunction(loop);
  },
);

function containsFunction(loop: Node): boolean {
  let found = false;
  full(loop, (node) => {
    if (isFunction(node)) found = true;
  });
  return found;
}
