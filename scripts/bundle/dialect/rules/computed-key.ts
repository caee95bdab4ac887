import type { Node } from "acorn";
import { syntaxRule } from "../rule.js";

export const computedKey = syntaxRule(
  "computed key",
  "The parser does not know it in an object literal.",
  "Assign the member after the literal.",
  (node) =>
    (node.type === "Property" || node.type === "MethodDefinition") && (node as Node & { computed: boolean }).computed,
);
