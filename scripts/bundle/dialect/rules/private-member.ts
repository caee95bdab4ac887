import type { Node } from "acorn";
import { syntaxRule } from "../rule.js";

export const privateMember = syntaxRule(
  "#private member",
  "The parser does not know it.",
  "Begin the name with _: the minifier renames it.",
  (node) => {
    const { property, key } = node as Node & { property?: Node; key?: Node };
    return property?.type === "PrivateIdentifier" || key?.type === "PrivateIdentifier";
  },
);
