import ts from "typescript";

/**
 * Which member names may meet in one object, so that the minifier must tell them apart; names of no common group can
 * share a short name. A group is the members of a type (class, interface, object literal), together with those of any
 * type that its values can be taken for, by assignment or by assertion: a member that such a type has and the object
 * has not must not be answered by another.
 */
export function memberGroups(program: ts.Program): Set<string>[] {
  const checker = program.getTypeChecker();
  const types = new Map<ts.Type, Set<string>>();
  const groups: Set<string>[] = [];

  const membersOf = (type: ts.Type): Set<string> => new Set(type.getProperties().map((member) => member.name));
  const add = (type: ts.Type): void => {
    const widened = checker.getWidenedType(type);
    for (const part of widened.isUnionOrIntersection() ? widened.types : [widened]) {
      if (!types.has(part) && part.flags & ts.TypeFlags.Object) types.set(part, membersOf(part));
    }
  };
  const join = (...joined: ts.Type[]): void => {
    groups.push(new Set(joined.flatMap((type) => [...membersOf(type)])));
  };

  for (const source of program.getSourceFiles()) {
    if (source.isDeclarationFile) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node)) {
        add(checker.getTypeAtLocation(node));
      } else if (ts.isObjectLiteralExpression(node)) {
        const wanted = checker.getContextualType(node);
        add(checker.getTypeAtLocation(node));
        if (wanted) join(checker.getTypeAtLocation(node), wanted);
      } else if (ts.isAsExpression(node)) {
        join(checker.getTypeAtLocation(node.expression), checker.getTypeAtLocation(node));
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  for (const [type, members] of types) {
    groups.push(members);
    for (const [other, others] of types) {
      if (type !== other && others.size > 0 && checker.isTypeAssignableTo(type, other)) {
        groups.push(new Set([...members, ...others]));
      }
    }
  }
  return groups;
}
