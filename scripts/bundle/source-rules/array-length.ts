import ts from "typescript";
import type { SourceRule } from "./source-rule.js";

export const arrayLength: SourceRule = {
  name: "assignment to an array's length",
  reason: "Espruino does not shorten the array, or throws.",
  remedy: "Use splice(0, array.length), or keep a count of your own.",
  engines: ["espruino"],
  matches: (node, checker) => {
    const target =
      ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)
        ? node.left
        : ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)
          ? node.operand
          : undefined;
    if (target === undefined || !ts.isPropertyAccessExpression(target) || target.name.text !== "length") return false;
    if (ts.isPrefixUnaryExpression(node) && !isStep(node.operator)) return false;
    return checker.isArrayType(checker.getTypeAtLocation(target.expression));
  },
};

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isStep(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.PlusPlusToken || kind === ts.SyntaxKind.MinusMinusToken;
}
