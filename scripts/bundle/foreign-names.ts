import ts from "typescript";

/**
 * Member names that a bundle shares with the world outside it, so that the minifier must leave them alone: all that
 * declaration files name (ES5's library, the engine's globals), and in the sources every member of a value whose type
 * is not known (`any`), every member read by a text in brackets, and the members of object literals that go where
 * `any` is taken, JSON.stringify for one. All others belong to the bundle alone.
 */
export function foreignNames(program: ts.Program): Set<string> {
  const names = new Set<string>(["prototype", "constructor"]);
  const checker = program.getTypeChecker();
  for (const source of program.getSourceFiles()) {
    const visit = (node: ts.Node): void => {
      if (source.isDeclarationFile) declared(node, names);
      else used(node, checker, names);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return names;
}

function declared(node: ts.Node, names: Set<string>): void {
  const named =
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isVariableDeclaration(node);
  if (named && node.name !== undefined && isText(node.name)) names.add(node.name.text);
}

function used(node: ts.Node, checker: ts.TypeChecker, names: Set<string>): void {
  if (ts.isPropertyAccessExpression(node)) {
    if (checker.getSymbolAtLocation(node.name) === undefined) names.add(node.name.text);
  } else if (ts.isElementAccessExpression(node)) {
    if (ts.isStringLiteralLike(node.argumentExpression)) names.add(node.argumentExpression.text);
  } else if (ts.isPropertyAssignment(node) && ts.isStringLiteralLike(node.name)) names.add(node.name.text);
  else if (ts.isObjectLiteralExpression(node) && goesOutside(node, checker)) {
    for (const { name } of node.properties) if (name !== undefined && isText(name)) names.add(name.text);
  }
}

function goesOutside(literal: ts.ObjectLiteralExpression, checker: ts.TypeChecker): boolean {
  const wanted = checker.getContextualType(literal);
  return wanted !== undefined && (wanted.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}

function isText(name: ts.Node): name is ts.Identifier | ts.StringLiteral {
  return ts.isIdentifier(name) || ts.isStringLiteral(name);
}
