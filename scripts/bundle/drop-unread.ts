import ts from "typescript";

/** Members of ES5's and the engine's own objects: what the world outside may read of an object it is given. */
type Names = ReadonlySet<string>;

/** Names of members that the program reads somewhere. A write alone is no reading. */
export function readNames(program: ts.Program): Set<string> {
  const read = new Set<string>();
  for (const source of program.getSourceFiles()) {
    if (source.isDeclarationFile) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAccessExpression(node) && !isOnlyWritten(node)) read.add(node.name.text);
      else if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
        read.add(node.argumentExpression.text);
      // An assignment to a setter does something.
      else if (ts.isSetAccessor(node)) read.add(node.name.getText());
      else if (ts.isBindingElement(node)) read.add((node.propertyName ?? node.name).getText());
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return read;
}

/**
 * Leaves out members that nothing reads: counters that only tests look at, parts of an interface that an application
 * does not use. What is left out must have no effect of its own.
 * @param kept names that are read, by the program or by the world outside
 */
export function dropUnread(kept: Names): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (source) => {
    const { factory } = context;
    const visit: ts.Visitor = (node) => {
      if (ts.isExpressionStatement(node) && isUnreadWrite(node.expression, kept)) return factory.createEmptyStatement();
      if (ts.isPropertyAssignment(node) && isUnread(node.name, kept) && isPure(node.initializer)) return undefined;
      if (ts.isShorthandPropertyAssignment(node) && isUnread(node.name, kept)) return undefined;
      if (ts.isPropertyDeclaration(node) && isUnread(node.name, kept) && isPure(node.initializer)) return undefined;
      if (ts.isParameter(node) && node.modifiers !== undefined && isUnread(node.name, kept)) {
        const { dotDotDotToken, name, questionToken, type, initializer } = node;
        return factory.updateParameterDeclaration(node, [], dotDotDotToken, name, questionToken, type, initializer);
      }
      return ts.visitEachChild(node, visit, context);
    };
    return ts.visitEachChild(source, visit, context);
  };
}

function isOnlyWritten(access: ts.PropertyAccessExpression): boolean {
  const { parent } = access;
  if (ts.isBinaryExpression(parent) && parent.left === access)
    return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isExpressionStatement(parent.parent);
  return (
    (ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent)) &&
    ts.isExpressionStatement(parent.parent)
  );
}

function isUnreadWrite(expression: ts.Expression, kept: Names): boolean {
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    return isUnreadAccess(expression.left, kept) && isPure(expression.right);
  }
  return (
    (ts.isPostfixUnaryExpression(expression) || ts.isPrefixUnaryExpression(expression)) &&
    isUnreadAccess(expression.operand, kept)
  );
}

function isUnreadAccess(node: ts.Expression, kept: Names): boolean {
  return ts.isPropertyAccessExpression(node) && !kept.has(node.name.text) && isPure(node.expression);
}

function isUnread(name: ts.Node, kept: Names): boolean {
  return ts.isIdentifier(name) && !kept.has(name.text);
}

function isPure(node: ts.Expression | undefined): boolean {
  if (node === undefined) return true;
  if (ts.isPropertyAccessExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node))
    return isPure(node.expression);
  if (ts.isElementAccessExpression(node)) return isPure(node.expression) && isPure(node.argumentExpression);
  if (ts.isNewExpression(node)) return isTypedArray(node.expression) && (node.arguments ?? []).every(isPure);
  if (ts.isPrefixUnaryExpression(node)) return isPure(node.operand);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPure);
  return (
    ts.isIdentifier(node) ||
    ts.isLiteralExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    node.kind === ts.SyntaxKind.ThisKeyword ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword
  );
}

/** A view of memory: to make one has no effect. */
function isTypedArray(constructor: ts.Expression): boolean {
  return ts.isIdentifier(constructor) && /^(Int|Uint|Float)(8|16|32|64)(Clamped)?Array$/.test(constructor.text);
}
