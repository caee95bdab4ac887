import ts from "typescript";

/**
 * After lowering to ES5: a class without members on its prototype is its constructor alone, and the function around it
 * goes: `var C = (function () { function C() {…} return C; }());` → `function C() {…}`.
 */
export function plainClasses(): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (source) => {
    const visit: ts.Visitor = (node) => constructorAlone(node) ?? ts.visitEachChild(node, visit, context);
    return ts.visitEachChild(source, visit, context);
  };
}

function constructorAlone(node: ts.Node): ts.FunctionDeclaration | undefined {
  if (!ts.isVariableStatement(node) || node.declarationList.declarations.length !== 1) return undefined;
  const { initializer } = node.declarationList.declarations[0]!;
  const call = initializer && inner(initializer);
  if (call === undefined || !ts.isCallExpression(call)) return undefined;
  const wrapper = inner(call.expression);
  if (!ts.isFunctionExpression(wrapper) || wrapper.parameters.length > 0) return undefined;
  const [made, returned, ...rest] = wrapper.body.statements;
  const isPlain =
    made !== undefined &&
    ts.isFunctionDeclaration(made) &&
    returned !== undefined &&
    ts.isReturnStatement(returned) &&
    returned.expression !== undefined &&
    ts.isIdentifier(inner(returned.expression)) &&
    rest.length === 0;
  return isPlain ? made : undefined;
}

function inner(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) || ts.isPartiallyEmittedExpression(node) ? inner(node.expression) : node;
}
