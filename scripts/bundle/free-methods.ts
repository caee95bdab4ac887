import ts from "typescript";

/**
 * Turns private methods into functions that take the instance: `this._add(1)` → `add_1(this, 1)`. The minifier can
 * then inline what is called once, give it a short name, and save "prototype" and "this" in every one. Only methods
 * whose every use is a call are turned; TypeScript sees to it that a private one is used nowhere else.
 */
export function freeMethods(program: ts.Program): ts.TransformerFactory<ts.SourceFile> {
  const checker = program.getTypeChecker();
  return (context) => (source) => {
    const { factory } = context;
    const methods = callableMethods(source, checker);
    const names = new Map([...methods].map((m) => [m, factory.createUniqueName(nameOf(m).replace(/^_/, ""))]));

    /** Replaces `this` by `self` where `self` is given, and calls of methods by calls of functions. */
    const visitor = (self: ts.Identifier | undefined): ts.Visitor => {
      const visit: ts.Visitor = (node) => {
        if (node.kind === ts.SyntaxKind.ThisKeyword && self !== undefined) return self;
        if (ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node))
          return ts.visitEachChild(node, visitor(undefined), context);
        const called = methodCalled(node, checker);
        const name = called && names.get(called);
        if (name !== undefined) {
          const { expression, arguments: given } = node as ts.CallExpression;
          const receiver = ts.visitNode(
            (expression as ts.PropertyAccessExpression).expression,
            visit,
            ts.isExpression,
          )!;
          const rest = ts.visitNodes(given, visit, ts.isExpression);
          return ts.setTextRange(factory.createCallExpression(name, undefined, [receiver, ...rest]), node);
        }
        if (ts.isClassDeclaration(node)) return freed(node);
        return ts.visitEachChild(node, visit, context);
      };
      return visit;
    };

    const freed = (node: ts.ClassDeclaration): ts.Node[] => {
      const kept = node.members.filter((member) => !names.has(member as ts.MethodDeclaration));
      const members = ts.visitNodes(factory.createNodeArray(kept), visitor(undefined), ts.isClassElement);
      const { modifiers, name, typeParameters, heritageClauses } = node;
      const class_ = factory.updateClassDeclaration(node, modifiers, name, typeParameters, heritageClauses, members);
      const functions = node.members.filter(ts.isMethodDeclaration).filter((member) => names.has(member));
      return [class_, ...functions.map(asFunction)];
    };

    const asFunction = (method: ts.MethodDeclaration): ts.FunctionDeclaration => {
      const self = factory.createUniqueName("self");
      const body = ts.visitNode(method.body, visitor(self), ts.isBlock);
      const parameter = factory.createParameterDeclaration(undefined, undefined, self);
      const parameters = [parameter, ...method.parameters];
      const name = names.get(method)!;
      const made = factory.createFunctionDeclaration(
        undefined,
        undefined,
        name,
        undefined,
        parameters,
        undefined,
        body,
      );
      return ts.setTextRange(made, method);
    };

    return methods.size === 0 ? source : ts.visitEachChild(source, visitor(undefined), context);
  };
}

/** Private methods of a file whose name is used for calls alone. */
function callableMethods(source: ts.SourceFile, checker: ts.TypeChecker): Set<ts.MethodDeclaration> {
  const methods = new Set<ts.MethodDeclaration>();
  const collect = (node: ts.Node): void => {
    if (ts.isClassDeclaration(node) && node.heritageClauses?.every(isImplements) !== false) {
      for (const member of node.members) if (isPrivateMethod(member)) methods.add(member);
    }
    ts.forEachChild(node, collect);
  };
  collect(source);
  const dropUncalled = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && methodCalled(node.parent, checker, node) === undefined) {
      const declared = checker.getSymbolAtLocation(node.name)?.valueDeclaration;
      if (declared !== undefined) methods.delete(declared as ts.MethodDeclaration);
    }
    ts.forEachChild(node, dropUncalled);
  };
  dropUncalled(source);
  return methods;
}

/** The private method that a node calls, with `access` as what is called. */
function methodCalled(node: ts.Node, checker: ts.TypeChecker, access?: ts.Node): ts.MethodDeclaration | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  if (access !== undefined && node.expression !== access) return undefined;
  const declared = checker.getSymbolAtLocation(node.expression.name)?.valueDeclaration;
  return declared !== undefined && isPrivateMethod(declared) ? declared : undefined;
}

function isPrivateMethod(node: ts.Node): node is ts.MethodDeclaration {
  return (
    ts.isMethodDeclaration(node) &&
    node.body !== undefined &&
    ts.isIdentifier(node.name) &&
    (ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Static)) ===
      ts.ModifierFlags.Private
  );
}

function isImplements(clause: ts.HeritageClause): boolean {
  return clause.token === ts.SyntaxKind.ImplementsKeyword;
}

function nameOf(method: ts.MethodDeclaration): string {
  return (method.name as ts.Identifier).text;
}
