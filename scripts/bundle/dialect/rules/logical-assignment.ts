import type { Node } from "acorn";
import { syntaxRule } from "../rule.js";

export const logicalAssignment = syntaxRule(
  "logical assignment",
  "The parser does not know it.",
  "Write a = a || b.",
  (node) =>
    node.type === "AssignmentExpression" && /^(\?\?|\|\||&&)=$/.test((node as Node & { operator: string }).operator),
);
