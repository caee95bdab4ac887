import ts from "typescript";
import type { Mutant } from "./mutant.js";

/** What an operator of two operands becomes. */
const BINARY: ReadonlyMap<ts.SyntaxKind, readonly string[]> = new Map([
  [ts.SyntaxKind.PlusToken, ["-"]],
  [ts.SyntaxKind.MinusToken, ["+"]],
  [ts.SyntaxKind.AsteriskToken, ["+"]],
  [ts.SyntaxKind.SlashToken, ["*"]],
  [ts.SyntaxKind.PercentToken, ["*"]],
  [ts.SyntaxKind.AsteriskAsteriskToken, ["*"]],
  [ts.SyntaxKind.LessThanToken, ["<=", ">="]],
  [ts.SyntaxKind.LessThanEqualsToken, ["<", ">"]],
  [ts.SyntaxKind.GreaterThanToken, [">=", "<="]],
  [ts.SyntaxKind.GreaterThanEqualsToken, [">", "<"]],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ["!=="]],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ["==="]],
  [ts.SyntaxKind.AmpersandAmpersandToken, ["||"]],
  [ts.SyntaxKind.BarBarToken, ["&&"]],
  [ts.SyntaxKind.AmpersandToken, ["|"]],
  [ts.SyntaxKind.BarToken, ["&"]],
  [ts.SyntaxKind.LessThanLessThanToken, [">>"]],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, ["<<"]],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, ["<<"]],
  [ts.SyntaxKind.PlusEqualsToken, ["-=", "="]],
  [ts.SyntaxKind.MinusEqualsToken, ["+="]],
  [ts.SyntaxKind.AsteriskEqualsToken, ["/="]],
]);

const UNARY: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.PlusPlusToken, "--"],
  [ts.SyntaxKind.MinusMinusToken, "++"],
  [ts.SyntaxKind.MinusToken, "+"],
  [ts.SyntaxKind.ExclamationToken, "!!"],
]);

const METHODS: Readonly<Record<string, string>> = {
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
  round: "floor",
  trunc: "floor",
  abs: "floor",
  every: "some",
  some: "every",
};

/** Functions that only refuse: what is said or checked for them is no arithmetic. */
const REFUSING = /(^|\.)(fail|refuse|operatorUnsupported|modelTooBig|modelNotInt8)$/;
/** Calls that give a view of so many elements: how many is a bound to be checked, and the view may be longer. */
const BOUNDED = /^context\.(arena|arenaFloats|arenaShorts|scratch|accumulators|int8|uint16|int32|float64)$/;
/** Members whose value only names something. */
const NAMING = new Set(["code", "version", "name", "kernel"]);

/**
 * All small faults of a source file: operators, constants, conditions, calls of Math, and statements left out. What only
 * refuses bad input is passed over.
 */
export function findMutants(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const lines = text.split("\n");
  const found: Mutant[] = [];

  const add = (start: number, end: number, to: string): void => {
    const from = text.slice(start, end);
    if (from === to) return;
    const { line, character } = source.getLineAndCharacterOfPosition(start);
    const trimmed = lines[line]!.trim();
    const same = found.filter((other) => other.line === line + 1 && other.from === from && other.to === to);
    found.push({ file, line: line + 1, column: character + 1, start, end, from, to, text: trimmed, nth: same.length });
  };
  const replace = (node: ts.Node, to: string): void => add(node.getStart(source), node.getEnd(), to);

  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isTypeAliasDeclaration(node) || isRefusal(node)) return;
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && NAMING.has(node.name.text)) return;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      // What stands for something that is absent: files have it.
      visit(node.left);
      return;
    }
    if (ts.isCallExpression(node) && BOUNDED.test(node.expression.getText())) return;
    if (ts.isBinaryExpression(node)) {
      for (const to of BINARY.get(node.operatorToken.kind) ?? []) replace(node.operatorToken, to);
    } else if (ts.isPrefixUnaryExpression(node)) {
      const to = UNARY.get(node.operator);
      if (to !== undefined) add(node.getStart(source), node.operand.getStart(source), to);
    } else if (ts.isPostfixUnaryExpression(node)) {
      add(node.operand.getEnd(), node.getEnd(), UNARY.get(node.operator)!);
    } else if (ts.isNumericLiteral(node)) {
      for (const to of numbersNear(node.text)) replace(node, to);
    } else if (ts.isConditionalExpression(node)) {
      replace(node.condition, `(true || ${node.condition.getText(source)})`);
      replace(node.condition, `(false && ${node.condition.getText(source)})`);
    } else if (ts.isIfStatement(node)) {
      replace(node.expression, `true || (${node.expression.getText(source)})`);
      replace(node.expression, `false && (${node.expression.getText(source)})`);
    } else if (ts.isPropertyAccessExpression(node) && METHODS[node.name.text] !== undefined) {
      replace(node.name, METHODS[node.name.text]!);
    } else if (ts.isExpressionStatement(node)) {
      replace(node, ";");
    } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
      replace(node, "false");
    } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
      replace(node, "true");
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return found;
}

/** True for a statement or expression that does nothing but refuse, with all that it is made of. */
function isRefusal(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) return true;
  if (ts.isExpressionStatement(node)) return isRefusal(node.expression);
  if (ts.isCallExpression(node)) return REFUSING.test(node.expression.getText());
  if (ts.isIfStatement(node) && node.elseStatement === undefined) {
    const { thenStatement } = node;
    const only =
      ts.isBlock(thenStatement) && thenStatement.statements.length === 1 ? thenStatement.statements[0]! : thenStatement;
    if (ts.isThrowStatement(only)) return true;
    if (ts.isReturnStatement(only) && only.expression) return isRefusal(only.expression);
    return isRefusal(only);
  }
  return false;
}

function numbersNear(text: string): string[] {
  const value = Number(text);
  if (Number.isInteger(value)) return value === 0 ? ["1"] : [String(value + 1), String(value - 1)];
  return [String(value * 1.01)];
}
