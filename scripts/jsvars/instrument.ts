import type { Expression, NewExpression, Node, ObjectExpression, Property } from "acorn";
import { floatSlots, type FloatSlots } from "./float-slots.js";
import { childrenOf, declaredIn, parseEs5, type FunctionNode } from "./syntax.js";

/** Global of the instrumented script: a HeapRecorder. */
export const RECORDER = "sertaoHeap";

/**
 * A minified script that does what it did and tells a HeapRecorder, beside it, what only the engine sees: every call's
 * variables, which function was made in which call, and what was called with `new`.
 */
export function instrument(code: string): string {
  const program = parseEs5(code);
  return new Writer(code, floatSlots(program)).text(program, "undefined", []);
}

class Writer {
  #scopes = 0;

  constructor(
    private readonly code: string,
    private readonly floats: FloatSlots,
  ) {}

  /** The text of a node with everything below it rewritten. */
  text(node: Node, scope: string, functions: readonly FunctionNode[], rewrite = this.#rewritten.bind(this)): string {
    let text = "";
    let at = node.start;
    for (const child of childrenOf(node)) {
      text += this.code.slice(at, child.start) + rewrite(child, scope, functions);
      at = child.end;
    }
    return text + this.code.slice(at, node.end);
  }

  #rewritten(node: Node, scope: string, functions: readonly FunctionNode[]): string {
    if (node.type === "FunctionDeclaration") return this.#function(node as FunctionNode, scope, functions);
    if (node.type === "FunctionExpression") {
      return `(${RECORDER}.made(${this.#function(node as FunctionNode, scope, functions)},${scope}))`;
    }
    if (node.type === "NewExpression") return this.#new(node as NewExpression, scope, functions);
    const text = this.text(node, scope, functions);
    if (node.type === "ObjectExpression") {
      const names = this.#floatMembers(node as ObjectExpression, functions);
      return names.length > 0 ? `(${RECORDER}.floats(${text},${JSON.stringify(names)}))` : text;
    }
    return text;
  }

  #new(node: NewExpression, scope: string, functions: readonly FunctionNode[]): string {
    return this.text(node, scope, functions, (child) => {
      const text = this.#rewritten(child, scope, functions);
      return child === node.callee ? `(${RECORDER}.constructed(${text}))` : text;
    });
  }

  #function(node: FunctionNode, scope: string, functions: readonly FunctionNode[]): string {
    const inner = `sertao$${this.#scopes++}`;
    const { names, functions: declared } = declaredIn(node);
    const floats = names.map((name) => (this.floats.variable(node, name) ? 1 : 0));
    const opening =
      `var ${inner}=${RECORDER}.called(${scope},${JSON.stringify(names)},[${floats.join()}],` +
      `function(){return[${names.join()}]});` +
      declared.map((name) => `${RECORDER}.made(${name},${inner});`).join("");
    const body = this.text(node.body, inner, [...functions, node]);
    return `${this.code.slice(node.start, node.body.start)}{${opening}${body.slice(1)}`;
  }

  #floatMembers({ properties }: ObjectExpression, functions: readonly FunctionNode[]): string[] {
    return (properties as Property[])
      .filter(({ value }) => this.floats.value(value, functions))
      .map(({ key }) => String((key as Expression & { name?: string; value?: unknown }).name ?? keyText(key)));
  }
}

function keyText(key: Expression): string {
  return String((key as Expression & { value?: unknown }).value);
}
