import { syntaxRule } from "../rule.js";

export const label = syntaxRule(
  "label",
  "The parser does not know labels.",
  "Put the loops in a function and return.",
  (node) => node.type === "LabeledStatement",
);
