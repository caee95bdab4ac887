import { parse, type Identifier, type Node, type Program } from "acorn";
import { fullAncestor } from "acorn-walk";

/** A function or the whole script: where ES5 variables live. */
export interface Scope {
  readonly node: Node;
  readonly parent: Scope | undefined;
  /** Names declared here, parameters and the function's own name included. */
  readonly names: Set<string>;
}

/** One use of a variable. */
export interface Reference {
  readonly node: Identifier;
  readonly scope: Scope;
  /** Where it is declared; undefined for a global of the engine. */
  readonly declaredIn: Scope | undefined;
  readonly writes: boolean;
  /** True where `typeof` asks whether it exists. */
  readonly probed: boolean;
}

/** A parsed bundle with what the rules ask about it. */
export interface Script {
  readonly code: string;
  readonly program: Program;
  readonly references: readonly Reference[];
  /** Members that the bundle defines itself, so that a method of that name need not be the engine's. */
  readonly ownMembers: ReadonlySet<string>;
  /** Calls `visit` for every node, with the nodes around it, outermost first and itself last. */
  walk(visit: (node: Node, ancestors: readonly Node[]) => void): void;
}

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

export function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type);
}

/** Reads a bundle. Throws SyntaxError where it is no JavaScript at all. */
export function parseScript(code: string): Script {
  const program = parse(code, { ecmaVersion: "latest", sourceType: "script", locations: true });
  const walk: Script["walk"] = (visit) =>
    fullAncestor(program, (node, _state, ancestors) => visit(node, ancestors as readonly Node[]));
  const scopes = collectScopes(program, walk);
  return { code, program, references: collectReferences(walk, scopes), ownMembers: collectMembers(walk), walk };
}

function collectScopes(program: Program, walk: Script["walk"]): Map<Node, Scope> {
  const scopes = new Map<Node, Scope>();
  scopes.set(program, { node: program, parent: undefined, names: new Set() });
  /** @param count of the outermost ancestors, of which the last is looked at first */
  const scopeAround = (ancestors: readonly Node[], count: number): Scope => {
    for (let i = count - 1; i >= 0; i--) {
      const node = ancestors[i]!;
      const known = scopes.get(node);
      if (known !== undefined) return known;
      if (!isFunction(node)) continue;
      const scope = { node, parent: scopeAround(ancestors, i), names: new Set<string>() };
      scopes.set(node, scope);
      return scope;
    }
    throw new Error("a node lies outside the program");
  };
  walk((node, ancestors) => {
    if (node === program) return;
    const outer = scopeAround(ancestors, ancestors.length - 1);
    if (isFunction(node)) {
      const { id, params } = node as Node & { id?: Identifier | null; params: Node[] };
      const own = scopeAround(ancestors, ancestors.length);
      own.names.add("arguments");
      for (const param of params) for (const name of boundNames(param)) own.names.add(name);
      if (id) (node.type === "FunctionDeclaration" ? outer : own).names.add(id.name);
    } else if (node.type === "VariableDeclarator") {
      for (const name of boundNames((node as Node & { id: Node }).id)) outer.names.add(name);
    } else if (node.type === "ClassDeclaration" || node.type === "ClassExpression") {
      const { id } = node as Node & { id?: Identifier | null };
      if (id) outer.names.add(id.name);
    } else if (node.type === "CatchClause") {
      const { param } = node as Node & { param?: Node | null };
      if (param) for (const name of boundNames(param)) outer.names.add(name);
    }
  });
  return scopes;
}

function collectReferences(walk: Script["walk"], scopes: Map<Node, Scope>): Reference[] {
  const references: Reference[] = [];
  walk((node, ancestors) => {
    if (node.type !== "Identifier") return;
    const parent = ancestors[ancestors.length - 2];
    if (parent !== undefined && isFunction(parent) && (parent as Node & { id?: Node | null }).id === node) return;
    let scope: Scope | undefined;
    for (let i = ancestors.length - 1; scope === undefined; i--) scope = scopes.get(ancestors[i]!);
    const { name } = node as Identifier;
    let declaredIn: Scope | undefined = scope;
    while (declaredIn !== undefined && !declaredIn.names.has(name)) declaredIn = declaredIn.parent;
    const writes =
      (parent?.type === "AssignmentExpression" && (parent as Node & { left: Node }).left === node) ||
      parent?.type === "UpdateExpression" ||
      ((parent?.type === "ForInStatement" || parent?.type === "ForOfStatement") &&
        (parent as Node & { left: Node }).left === node);
    const probed = parent?.type === "UnaryExpression" && (parent as Node & { operator: string }).operator === "typeof";
    references.push({ node: node as Identifier, scope, declaredIn, writes, probed });
  });
  return references;
}

function collectMembers(walk: Script["walk"]): Set<string> {
  const members = new Set<string>();
  walk((node) => {
    if (node.type === "AssignmentExpression") {
      const { left } = node as Node & { left: Node };
      if (left.type === "MemberExpression") members.add(memberName(left) ?? "");
    } else if (node.type === "Property" || node.type === "MethodDefinition" || node.type === "PropertyDefinition") {
      const { key } = node as Node & { key: Node };
      if (key.type === "Identifier") members.add((key as Identifier).name);
    }
  });
  return members;
}

/** The member's name in `object.name` and `object["name"]`. */
export function memberName(node: Node): string | undefined {
  const { property, computed } = node as Node & { property: Node; computed: boolean };
  if (!computed) return property.type === "Identifier" ? (property as Identifier).name : undefined;
  const value = property.type === "Literal" ? (property as Node & { value?: unknown }).value : undefined;
  return typeof value === "string" ? value : undefined;
}

function boundNames(pattern: Node): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [(pattern as Identifier).name];
    case "AssignmentPattern":
      return boundNames((pattern as Node & { left: Node }).left);
    case "RestElement":
      return boundNames((pattern as Node & { argument: Node }).argument);
    case "ArrayPattern":
      return (pattern as Node & { elements: (Node | null)[] }).elements.flatMap((part) =>
        part ? boundNames(part) : [],
      );
    case "ObjectPattern":
      return (pattern as Node & { properties: Node[] }).properties.flatMap((part) =>
        boundNames(part.type === "Property" ? (part as Node & { value: Node }).value : part),
      );
    default:
      return [];
  }
}
