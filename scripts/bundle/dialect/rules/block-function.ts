import { syntaxRule } from "../rule.js";

export const blockFunction = syntaxRule(
  "function declared in a block",
  "It is not visible outside the block, or not at all.",
  "Declare it at the top of the function around.",
  (node, ancestors) =>
    node.type === "FunctionDeclaration" &&
    !["Program", "FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"].includes(
      (ancestors[ancestors.length - 2]?.type === "BlockStatement"
        ? ancestors[ancestors.length - 3]
        : ancestors[ancestors.length - 2]
      )?.type ?? "",
    ),
);
