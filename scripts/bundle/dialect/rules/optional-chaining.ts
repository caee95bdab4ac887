import { syntaxRule } from "../rule.js";

export const optionalChaining = syntaxRule(
  "optional chaining",
  "The parser does not know it.",
  "Test for undefined first.",
  (node) => node.type === "ChainExpression",
);
