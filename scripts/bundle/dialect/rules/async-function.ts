import type { Node } from "acorn";
import { syntaxRule } from "../rule.js";

export const asyncFunction = syntaxRule(
  "async or await",
  "The engine has no async functions.",
  "Use callbacks and timers.",
  (node) => (node as Node & { async?: boolean }).async === true || node.type === "AwaitExpression",
);
