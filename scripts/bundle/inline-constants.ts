import ts from "typescript";

/**
 * Puts the number where a constant that is one stands: `const LIMIT = 40` would otherwise cost a variable, which the
 * minifier leaves alone because functions come first.
 */
export function inlineConstants(program: ts.Program): ts.TransformerFactory<ts.SourceFile> {
  const checker = program.getTypeChecker();
  return (context) => (source) => {
    const visit: ts.Visitor = (node) => {
      if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node;
      if (ts.isPropertyAccessExpression(node)) {
        const object = ts.visitNode(node.expression, visit, ts.isExpression)!;
        return context.factory.updatePropertyAccessExpression(node, object, node.name);
      }
      if (ts.isIdentifier(node)) return numberOf(node, checker) ?? node;
      return ts.visitEachChild(node, visit, context);
    };
    return ts.visitEachChild(source, visit, context);
  };
}

/** The number that an identifier means, as a new literal; undefined where it declares a name or means something else. */
function numberOf(identifier: ts.Identifier, checker: ts.TypeChecker): ts.NumericLiteral | undefined {
  const original = ts.getOriginalNode(identifier) as ts.Identifier;
  const { parent } = original;
  if (parent === undefined || !isUsed(original, parent)) return undefined;
  let symbol = checker.getSymbolAtLocation(original);
  if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const { initializer } = declaration;
  if (initializer === undefined || !ts.isNumericLiteral(initializer)) return undefined;
  if (!(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)) return undefined;
  return ts.setTextRange(ts.factory.createNumericLiteral(initializer.text), identifier);
}

/** False where the identifier is the name of what its parent declares. */
function isUsed(identifier: ts.Identifier, parent: ts.Node): boolean {
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  return (parent as ts.Node & { name?: ts.Node }).name !== identifier;
}
