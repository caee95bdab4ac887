import ts from "typescript";

/** Uses of `this` from which a variable for it is shorter: "var t=this;" against three bytes saved for each. */
const WORTHWHILE = 5;

/** After lowering to ES5: functions that name `this` often keep it in a variable, which the minifier shortens. */
export function aliasThis(): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (source) => {
    const { factory } = context;
    const visit: ts.Visitor = (node) => {
      const inner = ts.visitEachChild(node, visit, context);
      if (!ts.isFunctionExpression(inner) && !ts.isFunctionDeclaration(inner)) return inner;
      const { body } = inner;
      if (body === undefined) return inner;
      const known = ownAlias(body);
      if (known === undefined && countThis(body) < WORTHWHILE) return inner;
      // Three characters: the minifier puts back whatever is as long as "this".
      const alias = known?.name ?? factory.createUniqueName("t");
      const rename: ts.Visitor = (child) =>
        child.kind === ts.SyntaxKind.ThisKeyword
          ? alias
          : isFunction(child) || child === known
            ? child
            : ts.visitEachChild(child, rename, context);
      const declaration = factory.createVariableDeclaration(alias, undefined, undefined, factory.createThis());
      const statements = [
        ...(known === undefined ? [factory.createVariableStatement(undefined, [declaration])] : []),
        ...ts.visitNodes(body.statements, rename, ts.isStatement),
      ];
      const block = factory.updateBlock(body, statements);
      const { modifiers, asteriskToken, name, typeParameters, parameters, type } = inner;
      return ts.isFunctionExpression(inner)
        ? factory.updateFunctionExpression(
            inner,
            modifiers as ts.NodeArray<ts.Modifier> | undefined,
            asteriskToken,
            name,
            typeParameters,
            parameters,
            type,
            block,
          )
        : factory.updateFunctionDeclaration(
            inner,
            modifiers,
            asteriskToken,
            name as ts.Identifier,
            typeParameters,
            parameters,
            type,
            block,
          );
    };
    return ts.visitEachChild(source, visit, context);
  };
}

/** `_this = this`, which TypeScript writes for arrow functions inside. */
function ownAlias(body: ts.Block): (ts.VariableDeclaration & { readonly name: ts.Identifier }) | undefined {
  const [first] = body.statements;
  if (first === undefined || !ts.isVariableStatement(first)) return undefined;
  return first.declarationList.declarations.find(
    (one): one is ts.VariableDeclaration & { readonly name: ts.Identifier } =>
      ts.isIdentifier(one.name) && one.initializer?.kind === ts.SyntaxKind.ThisKeyword,
  );
}

function isFunction(node: ts.Node): boolean {
  return ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node);
}

function countThis(node: ts.Node): number {
  let count = 0;
  ts.forEachChild(node, (child) => {
    if (child.kind === ts.SyntaxKind.ThisKeyword) count++;
    else if (!isFunction(child)) count += countThis(child);
  });
  return count;
}
