import { syntaxRule } from "../rule.js";

export const withStatement = syntaxRule(
  "with",
  "The parser does not know it.",
  "Name the object.",
  (node) => node.type === "WithStatement",
);
