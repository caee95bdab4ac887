import { syntaxRule } from "../rule.js";

export const arrowFunction = syntaxRule(
  "arrow function or template",
  "MicroQuickJS knows neither.",
  "Compile to ES5.",
  (node) => node.type === "ArrowFunctionExpression" || node.type === "TemplateLiteral",
);
