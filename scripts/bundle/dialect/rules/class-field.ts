import { syntaxRule } from "../rule.js";

export const classField = syntaxRule(
  "class field",
  "Espruino shares a field between all instances.",
  "Assign it in the constructor.",
  (node) => node.type === "PropertyDefinition" || node.type === "StaticBlock",
);
