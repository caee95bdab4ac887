import { syntaxRule } from "../rule.js";

export const privateMember = syntaxRule(
  "#private member",
  "The parser does not know it.",
  "Begin the name with _: the minifier renames it.",
  (node) => node.type === "PrivateIdentifier",
);
