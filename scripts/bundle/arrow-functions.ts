import type { Expression, FunctionDeclaration, FunctionExpression, Identifier, Node, Program } from "acorn";
import { isFunction, parseScript, type Script as Parsed } from "./dialect/script.js";
import type { Script } from "./minify.js";
import { ScriptEdit } from "./script-edit.js";

/** A function that an arrow can replace: nobody constructs it, and it asks for neither `this` nor `arguments`. */
type Plain = (FunctionDeclaration | FunctionExpression) & { readonly params: Node[] };

/**
 * Writes functions as arrows, for engines that know them: a seventh of a bundle's text is the word `function`.
 * Declarations at the top of a body become one `var` with what follows it, and keep their order.
 * @param script minified, its functions declared before their first use
 */
export function arrowFunctions(script: Script): Script {
  const parsed = parseScript(script.code);
  const constructed = constructors(parsed);
  const edit = new ScriptEdit(script);
  parsed.walk((node, ancestors) => {
    const parent = ancestors[ancestors.length - 2];
    if (node.type === "FunctionExpression") {
      if (!isPlain(node) || isKept(node, parent!, around(ancestors, ancestors.length - 1), constructed)) return;
      const isCalled = parent!.type === "CallExpression" && (parent as Node & { callee: Node }).callee === node;
      writeArrow(edit, node as Plain, isCalled || needsBrackets(parent!) ? "(" : "");
    } else if (node.type === "BlockStatement" && parent !== undefined && isFunction(parent)) {
      writeDeclarations(edit, (node as Node & { body: Node[] }).body, parent, constructed);
    } else if (node.type === "Program") writeDeclarations(edit, (node as Program).body, node, constructed);
  });
  return edit.apply();
}

/** Functions that `new` is used with, or whose prototype is: the function or program that declares each, and its name. */
type Constructors = ReadonlySet<string>;

function variable(owner: Node, name: string): string {
  return `${owner.start} ${name}`;
}

function constructors(parsed: Parsed): Constructors {
  // What nobody declares belongs to the program, as an assignment makes it.
  const owners = new Map<Node, Node>(
    parsed.references.map(({ node, declaredIn }) => [node, declaredIn?.node ?? parsed.program]),
  );
  const found = new Set<string>();
  const add = (node: Node): void => {
    const owner = owners.get(node);
    if (owner !== undefined) found.add(variable(owner, (node as Identifier).name));
  };
  parsed.walk((node) => {
    if (node.type === "NewExpression") add((node as Node & { callee: Node }).callee);
    if (node.type !== "MemberExpression") return;
    const { object, property } = node as Node & { object: Node; property: Node };
    if (property.type === "Identifier" && (property as Identifier).name === "prototype") add(object);
  });
  return found;
}

/** The innermost function, or the program, around the ancestor at an index. */
function around(ancestors: readonly Node[], index: number): Node {
  while (index > 0 && !isFunction(ancestors[index - 1]!)) index--;
  return index > 0 ? ancestors[index - 1]! : ancestors[0]!;
}

/** The declarations that a body begins with, as declarators of one `var` with what is declared after them. */
function writeDeclarations(edit: ScriptEdit, body: readonly Node[], owner: Node, constructed: Constructors): void {
  for (const [i, node] of body.entries()) {
    if (node.type !== "FunctionDeclaration") return;
    const { id } = node as FunctionDeclaration;
    edit.replace(node.start, id.start, i === 0 ? "var " : "");
    if (isPlain(node) && !constructed.has(variable(owner, id.name))) {
      edit.insert(id.end, "=");
      writeArrow(edit, node as Plain, "");
    } else edit.insert(id.end, "=function");
    const next = body[i + 1];
    const goesOn = next !== undefined && (next.type === "FunctionDeclaration" || isVar(next));
    edit.insert(node.end, goesOn ? "," : ";");
    if (goesOn && isVar(next)) edit.remove(next.start, next.start + "var ".length);
  }
}

function isVar(node: Node): boolean {
  return node.type === "VariableDeclaration";
}

function writeArrow(edit: ScriptEdit, node: Plain, bracket: string): void {
  const { params, body } = node as Plain & { body: Node & { body: Node[] } };
  const first = params[0];
  const head = node.type === "FunctionDeclaration" ? (node as FunctionDeclaration).id.end : node.start;
  const isSingle = params.length === 1;
  if (first === undefined) edit.replace(head, body.start, `${bracket}()=>`);
  else {
    edit.replace(head, first.start, bracket + (isSingle ? "" : "("));
    edit.replace(params[params.length - 1]!.end, body.start, isSingle ? "=>" : ")=>");
  }
  const result = onlyResult(body.body);
  if (result !== undefined) {
    const isWrapped = result.type === "SequenceExpression" || result.type === "ObjectExpression";
    edit.replace(body.start, result.start, isWrapped ? "(" : "");
    edit.replace(result.end, body.end, isWrapped ? ")" : "");
  }
  if (bracket) edit.insert(node.end, ")");
}

/** What a function returns that does nothing else. */
function onlyResult(statements: readonly Node[]): Expression | undefined {
  const [only] = statements;
  if (statements.length !== 1 || only!.type !== "ReturnStatement") return undefined;
  return (only as Node & { argument?: Expression | null }).argument ?? undefined;
}

/** True where the function's own `this`, `arguments` and name are not asked for. */
function isPlain(node: Node): boolean {
  const own = nameOf(node);
  let plain = true;
  const look = (at: Node): void => {
    if (at.type === "ThisExpression") plain = false;
    if (at.type === "Identifier") {
      const { name } = at as Identifier;
      if (name === "arguments" || (node.type === "FunctionExpression" && name === own)) plain = false;
    }
    for (const child of childrenOf(at)) if (!isFunction(child) || child.type === "ArrowFunctionExpression") look(child);
  };
  look((node as Node & { body: Node }).body);
  return plain;
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter((value): value is Node => typeof value === "object" && value !== null && "type" in value);
}

/** True where an expression must stay: it constructs, or is an accessor. */
function isKept(node: Node, parent: Node, owner: Node, constructed: Constructors): boolean {
  if (parent.type === "NewExpression" && (parent as Node & { callee: Node }).callee === node) return true;
  if (parent.type === "Property") return (parent as Node & { kind: string }).kind !== "init";
  const target =
    parent.type === "VariableDeclarator"
      ? (parent as Node & { id: Node }).id
      : parent.type === "AssignmentExpression"
        ? (parent as Node & { left: Node }).left
        : undefined;
  if (target?.type !== "Identifier") return false;
  // An assignment may reach a variable further out: any of that name will do.
  const { name } = target as Identifier;
  return parent.type === "VariableDeclarator"
    ? constructed.has(variable(owner, name))
    : [...constructed].some((known) => known.endsWith(` ${name}`));
}

/** An arrow takes everything to its right, and nothing may stand to its left but what takes a whole expression. */
function needsBrackets(parent: Node): boolean {
  return ["LogicalExpression", "BinaryExpression", "UnaryExpression", "MemberExpression"].includes(parent.type);
}

function nameOf(node: Node): string | undefined {
  return (node as Node & { id?: Identifier | null }).id?.name;
}
