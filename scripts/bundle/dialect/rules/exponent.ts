import type { Node } from "acorn";
import { syntaxRule } from "../rule.js";

export const exponent = syntaxRule(
  "power operator",
  "The parser does not know it.",
  "Multiply, or write the constant.",
  (node) => /^\*\*=?$/.test((node as Node & { operator?: string }).operator ?? ""),
);
