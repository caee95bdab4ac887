import { syntaxRule } from "../rule.js";

export const spread = syntaxRule(
  "rest or spread",
  "The parser does not know it.",
  "Use arguments, concat or a loop.",
  (node) => node.type === "SpreadElement" || node.type === "RestElement",
);
