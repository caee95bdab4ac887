import type { BinaryExpression, CallExpression, Expression, Identifier, MemberExpression, Node, Program } from "acorn";
import { isFunction } from "../bundle/dialect/script.js";
import { childrenOf, declaredIn, type FunctionNode } from "./syntax.js";

/**
 * Where a script stores numbers that Espruino computes as doubles though they may be whole: what division and `Math`
 * return stays a double there, and takes a JsVar that an integer of the same value would not.
 */
export interface FloatSlots {
  /** True for a variable of a function. */
  variable(owner: FunctionNode, name: string): boolean;
  /** True for an expression's value. */
  value(node: Node, functions: readonly FunctionNode[]): boolean;
}

const ARITHMETIC = new Set(["+", "-", "*", "%"]);

/** Finds them. */
export function floatSlots(program: Program): FloatSlots {
  const owners = new Map<FunctionNode, Set<string>>();
  const floats = new Map<FunctionNode, Set<string>>();
  const ownerOf = (name: string, functions: readonly FunctionNode[]): FunctionNode | undefined =>
    functions.findLast((owner) => owners.get(owner)!.has(name));
  const value = (node: Node, functions: readonly FunctionNode[]): boolean => {
    const parts = (...nodes: Node[]): boolean => nodes.some((part) => value(part, functions));
    switch (node.type) {
      case "Identifier": {
        const { name } = node as Identifier;
        const owner = ownerOf(name, functions);
        return owner !== undefined && floats.get(owner)!.has(name);
      }
      case "CallExpression":
        return isMathCall(node as CallExpression);
      case "BinaryExpression": {
        const { operator, left, right } = node as BinaryExpression;
        return operator === "/" || (ARITHMETIC.has(operator) && parts(left, right));
      }
      case "AssignmentExpression":
        return parts((node as Node & { right: Expression }).right);
      case "ConditionalExpression": {
        const { consequent, alternate } = node as Node & { consequent: Expression; alternate: Expression };
        return parts(consequent, alternate);
      }
      case "SequenceExpression":
        return parts((node as Node & { expressions: Expression[] }).expressions.at(-1)!);
      default:
        return false;
    }
  };
  const visit = (node: Node, functions: readonly FunctionNode[]): boolean => {
    let found = false;
    const inside = isFunction(node) ? [...functions, node as FunctionNode] : functions;
    if (inside !== functions && !owners.has(node as FunctionNode)) {
      owners.set(node as FunctionNode, new Set(declaredIn(node as FunctionNode).names));
      floats.set(node as FunctionNode, new Set());
    }
    const stored = storeOf(node);
    const owner = stored && ownerOf(stored.name, functions);
    if (stored && owner && value(stored.value, functions)) {
      const known = floats.get(owner)!;
      found = !known.has(stored.name);
      known.add(stored.name);
    }
    for (const child of childrenOf(node)) found = visit(child, inside) || found;
    return found;
  };
  // What is computed from a double is one too, wherever it stands in the text.
  while (visit(program, []));
  return { variable: (owner, name) => floats.get(owner)?.has(name) ?? false, value };
}

/** `Math.round` alone returns an integer where it can. */
function isMathCall({ callee }: CallExpression): boolean {
  if (callee.type !== "MemberExpression") return false;
  const { object, property } = callee as MemberExpression;
  return (object as Identifier).name === "Math" && (property as Identifier).name !== "round";
}

function storeOf(node: Node): { name: string; value: Node } | undefined {
  if (node.type === "VariableDeclarator") {
    const { id, init } = node as Node & { id: Identifier; init: Node | null };
    return init ? { name: id.name, value: init } : undefined;
  }
  if (node.type !== "AssignmentExpression") return undefined;
  const { left, right, operator } = node as Node & { left: Node; right: Node; operator: string };
  if (left.type !== "Identifier") return undefined;
  const { name } = left as Identifier;
  if (operator === "/=") return { name, value: { ...right, type: "BinaryExpression", operator: "/" } as Node };
  return { name, value: right };
}
