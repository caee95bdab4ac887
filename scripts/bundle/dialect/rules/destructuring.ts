import { syntaxRule } from "../rule.js";

export const destructuring = syntaxRule(
  "destructuring",
  "The parser does not know it.",
  "Read the members one by one.",
  (node) => node.type === "ArrayPattern" || node.type === "ObjectPattern",
);
