import type { Node } from "acorn";
import { syntaxRule } from "../rule.js";

export const arrayHole = syntaxRule(
  "array with a hole",
  "MicroQuickJS refuses arrays with holes.",
  "Write undefined.",
  (node) => node.type === "ArrayExpression" && (node as Node & { elements: (Node | null)[] }).elements.includes(null),
);
