import ts from "typescript";
import type { ClosedWorld } from "./closed-world.js";

/**
 * Turns methods into functions that take the instance: `this._add(1)` → `Counter_add(this, 1)`. The minifier can then
 * inline what is called once, give it a short name, and save "prototype" and "this" in every one. Methods that nothing
 * uses are left out.
 */
export function freeMethods(world: ClosedWorld): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (source) => {
    const { factory } = context;
    const imported = new Map<string, Set<string>>();

    /** Replaces `this` by `self` where `self` is given, and calls of methods by calls of functions. */
    const visitor = (self: ts.Identifier | undefined): ts.Visitor => {
      const visit: ts.Visitor = (node) => {
        if (node.kind === ts.SyntaxKind.ThisKeyword && self !== undefined) return self;
        if (ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node))
          return ts.visitEachChild(node, visitor(undefined), context);
        const method = world.called(node);
        if (method !== undefined) return call(node as ts.CallExpression, method, visit);
        if (ts.isClassDeclaration(node)) return freed(node);
        return ts.visitEachChild(node, visit, context);
      };
      return visit;
    };

    const call = (node: ts.CallExpression, method: ts.MethodDeclaration, visit: ts.Visitor): ts.Node => {
      const { expression, arguments: given } = node;
      const receiver = ts.visitNode((expression as ts.PropertyAccessExpression).expression, visit, ts.isExpression)!;
      const rest = ts.visitNodes(given, visit, ts.isExpression);
      const name = functionName(method);
      const home = method.getSourceFile();
      if (home !== source) imported.set(home.fileName, (imported.get(home.fileName) ?? new Set()).add(name));
      const callee = ts.setTextRange(factory.createIdentifier(name), expression);
      return ts.setTextRange(factory.createCallExpression(callee, undefined, [receiver, ...rest]), node);
    };

    const freed = (node: ts.ClassDeclaration): ts.Node[] => {
      const kept = node.members.filter(
        (member) => !world.unused.has(member) && !world.callable.has(member as ts.MethodDeclaration),
      );
      const members = ts.visitNodes(factory.createNodeArray(kept), visitor(undefined), ts.isClassElement);
      const { modifiers, name, typeParameters, heritageClauses } = node;
      const class_ = factory.updateClassDeclaration(node, modifiers, name, typeParameters, heritageClauses, members);
      const functions = node.members.filter(ts.isMethodDeclaration).filter((member) => world.callable.has(member));
      return [class_, ...functions.map(asFunction)];
    };

    const asFunction = (method: ts.MethodDeclaration): ts.FunctionDeclaration => {
      const self = factory.createUniqueName("self");
      const body = ts.visitNode(method.body, visitor(self), ts.isBlock);
      const parameters = [factory.createParameterDeclaration(undefined, undefined, self), ...method.parameters];
      const exported = [factory.createModifier(ts.SyntaxKind.ExportKeyword)];
      const name = ts.setTextRange(factory.createIdentifier(functionName(method)), method.name);
      const made = factory.createFunctionDeclaration(exported, undefined, name, undefined, parameters, undefined, body);
      return ts.setTextRange(made, method);
    };

    const changed = ts.visitEachChild(source, visitor(undefined), context);
    const imports = [...imported].map(([file, names]) => {
      const elements = [...names].map((name) =>
        factory.createImportSpecifier(false, undefined, factory.createIdentifier(name)),
      );
      const clause = factory.createImportClause(undefined, undefined, factory.createNamedImports(elements));
      return factory.createImportDeclaration(
        undefined,
        clause,
        factory.createStringLiteral(file.replace(/\.ts$/, ".js")),
      );
    });
    return factory.updateSourceFile(changed, [...imports, ...changed.statements]);
  };
}

/** Unique in its module: two classes of one module may have methods of one name. */
function functionName(method: ts.MethodDeclaration): string {
  return `${(method.parent as ts.ClassDeclaration).name!.text}$${(method.name as ts.Identifier).text}`;
}
