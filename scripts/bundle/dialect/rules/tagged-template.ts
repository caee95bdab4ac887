import { syntaxRule } from "../rule.js";

export const taggedTemplate = syntaxRule(
  "tagged template",
  "The parser does not know it.",
  "Call the function with plain texts.",
  (node) => node.type === "TaggedTemplateExpression",
);
