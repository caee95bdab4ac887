import { syntaxRule } from "../rule.js";

export const defaultParameter = syntaxRule(
  "default parameter",
  "Espruino refuses the function.",
  "Test the parameter for undefined.",
  (node) => node.type === "AssignmentPattern",
);
