import { syntaxRule } from "../rule.js";

export const moduleSyntax = syntaxRule(
  "import or export",
  "A bundle is a script.",
  "Import at the top of a module; the bundler links it.",
  (node) => node.type === "ImportExpression" || node.type === "MetaProperty",
);
