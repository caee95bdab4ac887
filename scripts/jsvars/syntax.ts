import { parse, type Identifier, type Node, type Program } from "acorn";
import { isFunction } from "../bundle/dialect/script.js";

/** A function of a minified ES5 script. */
export type FunctionNode = Node & { id: Identifier | null; params: Identifier[]; body: Node };

/** Reads a script. */
export function parseEs5(code: string): Program {
  return parse(code, { ecmaVersion: 5, sourceType: "script" });
}

/** The nodes directly below a node, in the order of the text. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value: unknown): value is Node => typeof (value as Node | null)?.type === "string")
    .sort((a, b) => a.start - b.start);
}

/** What a call of a function gets a variable for. */
export interface Declared {
  readonly names: readonly string[];
  /** The functions among them. */
  readonly functions: readonly string[];
}

/** Names of a function's variables: its own name, parameters, variables and inner functions. */
export function declaredIn(node: FunctionNode): Declared {
  const variables: string[] = [];
  const functions: string[] = [];
  const visit = (inner: Node): void => {
    const { id } = inner as Node & { id?: Identifier | null };
    if (inner.type === "FunctionDeclaration") functions.push(id!.name);
    if (isFunction(inner)) return;
    if (inner.type === "VariableDeclarator") variables.push(id!.name);
    for (const child of childrenOf(inner)) visit(child);
  };
  visit(node.body);
  const own = node.type === "FunctionExpression" && node.id ? [node.id.name] : [];
  const parameters = node.params.map(({ name }) => name);
  return {
    names: [...new Set([...own, ...parameters, ...variables, ...functions])],
    functions: [...new Set(functions)],
  };
}
