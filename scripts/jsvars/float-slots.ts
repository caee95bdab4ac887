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
  /** True for an expression's value. @param functions those around it, outermost first */
  value(node: Node, functions: readonly FunctionNode[]): boolean;
}

/** What is known of one function. */
interface Known {
  readonly names: ReadonlySet<string>;
  /** Functions that are declared in it. */
  readonly functions: Map<string, FunctionNode>;
  /** Variables that doubles are stored in. */
  readonly floats: Set<string>;
  returnsFloat: boolean;
}

const ARITHMETIC = new Set(["+", "-", "*", "%"]);

/** Finds them. What is computed from a double is one too, wherever it stands in the text: one looks until nothing is new. */
export function floatSlots(program: Program): FloatSlots {
  const slots = new Slots();
  slots.enter(program, []);
  while (slots.visit(program, []));
  return slots;
}

class Slots implements FloatSlots {
  readonly #known = new Map<FunctionNode, Known>();
  /** Names of the engine's `Math`: a bundle calls it by a shorter one. */
  readonly #math = new Set(["Math"]);

  variable(owner: FunctionNode, name: string): boolean {
    return this.#known.get(owner)?.floats.has(name) ?? false;
  }

  value(node: Node, functions: readonly FunctionNode[]): boolean {
    const any = (...nodes: Node[]): boolean => nodes.some((part) => this.value(part, functions));
    switch (node.type) {
      case "Identifier":
        return this.#ownerOf((node as Identifier).name, functions)?.floats.has((node as Identifier).name) ?? false;
      case "CallExpression":
        return this.#isMathCall(node as CallExpression) || (this.#called(node, functions)?.returnsFloat ?? false);
      case "BinaryExpression": {
        const { operator, left, right } = node as BinaryExpression;
        return operator === "/" || (ARITHMETIC.has(operator) && any(left, right));
      }
      case "AssignmentExpression":
        return any((node as Node & { right: Expression }).right);
      case "ConditionalExpression": {
        const { consequent, alternate } = node as Node & { consequent: Expression; alternate: Expression };
        return any(consequent, alternate);
      }
      case "SequenceExpression":
        return any((node as Node & { expressions: Expression[] }).expressions.at(-1)!);
      default:
        return false;
    }
  }

  /** Notes every function below a node. */
  enter(node: Node, functions: readonly FunctionNode[]): void {
    const around = functions.at(-1);
    const stored = storeOf(node);
    if ((stored?.value as Identifier | undefined)?.name === "Math") this.#math.add(stored!.name);
    const inside = isFunction(node) ? [...functions, node as FunctionNode] : functions;
    if (isFunction(node)) {
      const names = new Set(declaredIn(node as FunctionNode).names);
      this.#known.set(node as FunctionNode, { names, functions: new Map(), floats: new Set(), returnsFloat: false });
      const { id } = node as FunctionNode;
      if (node.type === "FunctionDeclaration" && around)
        this.#known.get(around)!.functions.set(id!.name, node as FunctionNode);
    }
    for (const child of childrenOf(node)) this.enter(child, inside);
  }

  /** Looks at every place where a value goes. Returns true where something new is known. */
  visit(node: Node, functions: readonly FunctionNode[]): boolean {
    const inside = isFunction(node) ? [...functions, node as FunctionNode] : functions;
    let found = this.#store(node, functions) || this.#return(node, functions) || this.#pass(node, functions);
    for (const child of childrenOf(node)) found = this.visit(child, inside) || found;
    return found;
  }

  /** `Math.round` alone returns an integer where it can. */
  #isMathCall({ callee }: CallExpression): boolean {
    if (callee.type !== "MemberExpression") return false;
    const { object, property } = callee as MemberExpression & { object: Identifier; property: Identifier };
    return this.#math.has(object.name) && property.name in Math && property.name !== "round";
  }

  #store(node: Node, functions: readonly FunctionNode[]): boolean {
    const stored = storeOf(node);
    if (stored === undefined || !this.value(stored.value, functions)) return false;
    return add(this.#ownerOf(stored.name, functions), stored.name);
  }

  #return(node: Node, functions: readonly FunctionNode[]): boolean {
    const { argument } = node as Node & { argument?: Node | null };
    const known = this.#known.get(functions.at(-1)!);
    if (node.type !== "ReturnStatement" || !argument || !known || known.returnsFloat) return false;
    return (known.returnsFloat = this.value(argument, functions));
  }

  /** Arguments of a call that is known to lead to a function of the script. */
  #pass(node: Node, functions: readonly FunctionNode[]): boolean {
    const called = this.#calledFunction(node, functions);
    if (called === undefined) return false;
    const values = (node as CallExpression).arguments;
    return called.params
      .filter((_, i) => values[i] !== undefined && this.value(values[i], functions))
      .map(({ name }) => add(this.#known.get(called), name))
      .includes(true);
  }

  #called(node: Node, functions: readonly FunctionNode[]): Known | undefined {
    const called = this.#calledFunction(node, functions);
    return called && this.#known.get(called);
  }

  #calledFunction(node: Node, functions: readonly FunctionNode[]): FunctionNode | undefined {
    if (node.type !== "CallExpression") return undefined;
    const { callee } = node as CallExpression;
    if (callee.type === "FunctionExpression") return callee as unknown as FunctionNode;
    if (callee.type !== "Identifier") return undefined;
    const { name } = callee as Identifier;
    return this.#ownerOf(name, functions)?.functions.get(name);
  }

  #ownerOf(name: string, functions: readonly FunctionNode[]): Known | undefined {
    return functions.map((owner) => this.#known.get(owner)!).findLast(({ names }) => names.has(name));
  }
}

function add(known: Known | undefined, name: string): boolean {
  if (known === undefined || known.floats.has(name)) return false;
  known.floats.add(name);
  return true;
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
