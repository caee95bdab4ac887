import type { Node } from "acorn";
import { syntaxRule } from "../rule.js";

export const letAndConst = syntaxRule(
  "let, const or class",
  "MicroQuickJS knows ES5 declarations only.",
  "Compile to ES5.",
  (node) =>
    (node.type === "VariableDeclaration" && (node as Node & { kind: string }).kind !== "var") ||
    node.type === "ClassDeclaration" ||
    node.type === "ClassExpression",
);
