import ts from "typescript";

/** How the members of a program's classes are used, given that nothing outside the program uses them. */
export interface ClosedWorld {
  /** Methods that nothing uses. */
  readonly unused: ReadonlySet<ts.Node>;
  /** Methods of which every use is a call that can lead to no other method. */
  readonly callable: ReadonlySet<ts.MethodDeclaration>;
  /** The callable method that a node calls, be it through an interface with a single implementation. */
  called(node: ts.Node): ts.MethodDeclaration | undefined;
}

interface Uses {
  calls: ts.SourceFile[];
  others: number;
}

/**
 * Follows every use of every method. A use through an interface counts for each class that fits the interface; a use
 * through `any`, a union or a text in brackets counts for every member of that name.
 */
export function closedWorld(program: ts.Program): ClosedWorld {
  const checker = program.getTypeChecker();
  const sources = program.getSourceFiles().filter((source) => !source.isDeclarationFile);
  const uses = new Map<ts.Node, Uses>();
  const byName = new Set(["toString", "valueOf", "toJSON"]);
  const classes: ts.ClassDeclaration[] = [];
  const signatures = new Map<string, ts.Declaration[]>();
  const literals: ts.ObjectLiteralExpression[] = [];

  const note = (access: ts.PropertyAccessExpression): void => {
    const declarations = checker.getSymbolAtLocation(access.name)?.declarations ?? [];
    const { parent } = access;
    const isCall = ts.isCallExpression(parent) && parent.expression === access && declarations.length === 1;
    if (declarations.length === 0) byName.add(access.name.text);
    for (const declaration of declarations) {
      const known = uses.get(declaration) ?? { calls: [], others: 0 };
      uses.set(declaration, known);
      if (isCall) known.calls.push(access.getSourceFile());
      else known.others++;
    }
  };
  for (const source of sources) {
    forEachNode(source, (node) => {
      if (ts.isClassDeclaration(node)) classes.push(node);
      else if (ts.isMethodSignature(node) || ts.isPropertySignature(node)) {
        const name = node.name.getText();
        signatures.set(name, [...(signatures.get(name) ?? []), node]);
      } else if (ts.isObjectLiteralExpression(node)) literals.push(node);
      else if (ts.isPropertyAccessExpression(node)) note(node);
      else if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
        byName.add(node.argumentExpression.text);
      else if (ts.isBindingElement(node)) byName.add((node.propertyName ?? node.name).getText());
    });
  }

  const typeOf = (node: ts.Node): ts.Type => checker.getTypeAtLocation(node);
  const fits = (class_: ts.ClassDeclaration, signature: ts.Declaration): boolean =>
    checker.isTypeAssignableTo(typeOf(class_), typeOf(signature.parent));
  const isImplementedElsewhere = (class_: ts.ClassDeclaration, signature: ts.Declaration): boolean =>
    classes.some((other) => other !== class_ && fits(other, signature)) ||
    literals.some((literal) => {
      const wanted = checker.getContextualType(literal);
      return wanted !== undefined && checker.isTypeAssignableTo(wanted, typeOf(signature.parent));
    });

  const imports = new ImportGraph(program, sources);
  const unused = new Set<ts.Node>();
  const callable = new Map<ts.Node, ts.MethodDeclaration>();
  for (const class_ of classes) {
    if (class_.heritageClauses?.some((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)) continue;
    for (const method of class_.members.filter(isPlainMethod)) {
      const name = (method.name as ts.Identifier).text;
      if (byName.has(name)) continue;
      const through = (signatures.get(name) ?? []).filter(
        (signature) => uses.has(signature) && fits(class_, signature),
      );
      const all = [method, ...through].flatMap((declaration) => uses.get(declaration) ?? []);
      const home = class_.getSourceFile();
      if (all.length === 0) unused.add(method);
      else if (
        all.every(({ others, calls }) => others === 0 && calls.every((from) => !imports.reaches(home, from))) &&
        !through.some((signature) => isImplementedElsewhere(class_, signature))
      ) {
        for (const declaration of [method, ...through]) callable.set(declaration, method);
      }
    }
  }
  return {
    unused,
    callable: new Set(callable.values()),
    called: (node) => {
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
      const declarations = checker.getSymbolAtLocation(node.expression.name)?.declarations;
      return declarations?.length === 1 ? callable.get(declarations[0]!) : undefined;
    },
  };
}

/** Which modules a module needs, itself not counted. */
class ImportGraph {
  readonly #needs = new Map<ts.SourceFile, Set<ts.SourceFile>>();

  constructor(program: ts.Program, sources: readonly ts.SourceFile[]) {
    const checker = program.getTypeChecker();
    for (const source of sources) {
      const imported = source.statements.filter(ts.isImportDeclaration).filter((one) => !one.importClause?.isTypeOnly);
      const files = imported.map((one) => checker.getSymbolAtLocation(one.moduleSpecifier)?.declarations?.[0]);
      this.#needs.set(source, new Set(files.filter((file) => file !== undefined && ts.isSourceFile(file))));
    }
  }

  /** True where `from` needs `to`, directly or not. */
  reaches(from: ts.SourceFile, to: ts.SourceFile, seen = new Set<ts.SourceFile>()): boolean {
    for (const needed of this.#needs.get(from) ?? []) {
      if (needed === to) return true;
      if (seen.has(needed)) continue;
      seen.add(needed);
      if (this.reaches(needed, to, seen)) return true;
    }
    return false;
  }
}

function isPlainMethod(node: ts.Node): node is ts.MethodDeclaration {
  return (
    ts.isMethodDeclaration(node) &&
    node.body !== undefined &&
    ts.isIdentifier(node.name) &&
    !(ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Static)
  );
}

function forEachNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => forEachNode(child, visit));
}
