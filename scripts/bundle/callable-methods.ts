import ts from "typescript";

/**
 * Methods of the program's classes that can be functions as well: every use of the name, in the whole program, is a
 * call that the type checker leads to a method of a class. A name that an interface of the program, `any` or a union
 * also has stays a member, because a call through those must find it on the object.
 */
export function callableMethods(program: ts.Program): Set<ts.MethodDeclaration> {
  const checker = program.getTypeChecker();
  const methods = new Map<string, ts.MethodDeclaration[]>();
  const blocked = new Set(["toString", "valueOf", "toJSON"]);
  const sources = program.getSourceFiles().filter((source) => !source.isDeclarationFile);
  for (const source of sources) forEachNode(source, (node) => collect(node, methods));
  for (const source of sources) {
    forEachNode(source, (node) => {
      if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
        blocked.add(node.argumentExpression.text);
      } else if (ts.isBindingElement(node)) blocked.add((node.propertyName ?? node.name).getText());
      else if (ts.isPropertyAccessExpression(node) && methods.has(node.name.text)) {
        if (!isHarmless(node, checker)) blocked.add(node.name.text);
      }
    });
  }
  const callable = [...methods].filter(([name]) => !blocked.has(name)).flatMap(([, declarations]) => declarations);
  return new Set(callable.filter((method) => isReachable(method, sources, checker)));
}

/** The callable method that a node calls. */
export function methodCalled(node: ts.Node, checker: ts.TypeChecker): ts.MethodDeclaration | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const declared = checker.getSymbolAtLocation(node.expression.name)?.valueDeclaration;
  return declared !== undefined && isMethod(declared) ? declared : undefined;
}

/** The import of a file that names a class, as a value or as a type. */
export function importOf(
  source: ts.SourceFile,
  class_: ts.Node,
  checker: ts.TypeChecker,
): ts.ImportDeclaration | undefined {
  return source.statements.filter(ts.isImportDeclaration).find((declaration) => {
    const named = declaration.importClause?.namedBindings;
    return (
      named !== undefined &&
      ts.isNamedImports(named) &&
      named.elements.some((element) => {
        const symbol = checker.getSymbolAtLocation(element.name);
        return symbol !== undefined && checker.getAliasedSymbol(symbol).valueDeclaration === class_;
      })
    );
  });
}

function collect(node: ts.Node, methods: Map<string, ts.MethodDeclaration[]>): void {
  if (!ts.isClassDeclaration(node) || node.heritageClauses?.some(isExtends)) return;
  for (const member of node.members) {
    if (!isMethod(member)) continue;
    const name = (member.name as ts.Identifier).text;
    methods.set(name, [...(methods.get(name) ?? []), member]);
  }
}

/** True for a call of a class's method, and for a member of ES5's own objects, which no class of a program is. */
function isHarmless(access: ts.PropertyAccessExpression, checker: ts.TypeChecker): boolean {
  const symbol = checker.getSymbolAtLocation(access.name);
  if (symbol === undefined) return false;
  if (symbol.declarations?.every((declaration) => /\/lib\.es5\.d\.ts$/.test(declaration.getSourceFile().fileName)))
    return true;
  const method = methodCalled(access.parent, checker);
  return method !== undefined && (access.parent as ts.CallExpression).expression === access;
}

/** True where every file that calls the method imports its class, so that no new edge is added between modules. */
function isReachable(
  method: ts.MethodDeclaration,
  sources: readonly ts.SourceFile[],
  checker: ts.TypeChecker,
): boolean {
  const home = method.getSourceFile();
  return sources.every((source) => {
    if (source === home || importOf(source, method.parent, checker) !== undefined) return true;
    let calls = false;
    forEachNode(source, (node) => {
      calls ||= methodCalled(node, checker) === method;
    });
    return !calls;
  });
}

function isMethod(node: ts.Node): node is ts.MethodDeclaration {
  return (
    ts.isMethodDeclaration(node) &&
    node.body !== undefined &&
    ts.isIdentifier(node.name) &&
    ts.isClassDeclaration(node.parent) &&
    !(ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Static)
  );
}

function isExtends(clause: ts.HeritageClause): boolean {
  return clause.token === ts.SyntaxKind.ExtendsKeyword;
}

function forEachNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => forEachNode(child, visit));
}
