import type { Node } from "acorn";
import { childrenOf, parseEs5 } from "../../jsvars/syntax.js";
import { INTERPRETED } from "./espruino-instructions.js";
import { weigh, weighedChildren } from "./weigh.js";

/** Global of the counting script: how often each block ran, a list of numbers. */
export const COUNTS = "sertaoCounts";

/** A script that counts how often each of its blocks runs. */
export interface CountingScript {
  readonly code: string;
  /** Instructions of one run of each block. */
  readonly blockInstructions: readonly number[];
}

/**
 * Makes a minified script count its blocks: the bodies of functions and loops, and whatever a condition decides. Their
 * instructions are known from their text.
 */
export function countBlocks(code: string): CountingScript {
  const writer = new Writer(code);
  const text = writer.block(parseEs5(code));
  return { code: text, blockInstructions: writer.instructions };
}

class Writer {
  readonly instructions: number[] = [];

  constructor(private readonly code: string) {}

  /** The text of a node whose instructions make a block of their own. */
  block(node: Node): string {
    this.instructions.push(0);
    return this.#node(node, this.instructions.length - 1);
  }

  #counted(node: Node): { text: string; count: string } {
    const index = this.instructions.length;
    const text = this.block(node);
    return { text, count: `${COUNTS}[${index}]++` };
  }

  #node(node: Node, block: number): string {
    this.instructions[block]! += weigh(node);
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
        return this.#with(node, block, { body: (child) => this.#body(child) });
      case "IfStatement":
        return this.#with(node, block, {
          consequent: (child) => this.#statement(child),
          alternate: (child) => ` ${this.#statement(child)}`,
        });
      case "ConditionalExpression":
        return this.#with(node, block, {
          consequent: (child) => this.#expression(child),
          alternate: (child) => this.#expression(child),
        });
      case "LogicalExpression":
        return this.#with(node, block, { right: (child) => this.#expression(child) });
      case "ForStatement":
        return this.#loop(node, block, ["test", "update"]);
      case "WhileStatement":
      case "DoWhileStatement":
        return this.#loop(node, block, ["test"]);
      default:
        return this.#with(node, block, {});
    }
  }

  /** Test and update of a loop belong to its body: they run as often, but for once. */
  #loop(node: Node, outer: number, inBody: readonly string[]): string {
    const { body } = node as Node & { body: Node };
    const index = this.instructions.length;
    this.instructions.push(INTERPRETED.round);
    const inner = Object.fromEntries(inBody.map((name) => [name, (child: Node) => this.#node(child, index)]));
    return this.#with(node, outer, {
      ...inner,
      body: () => `{${COUNTS}[${index}]++;${body.type === "EmptyStatement" ? "" : this.#node(body, index)}}`,
    });
  }

  #body(node: Node): string {
    const { text, count } = this.#counted(node);
    return `{${count};${text.slice(1)}`;
  }

  #statement(node: Node): string {
    const { text, count } = this.#counted(node);
    return `{${count};${text}}`;
  }

  #expression(node: Node): string {
    const { text, count } = this.#counted(node);
    return `(${count},${text})`;
  }

  /** The text of a node, some of its parts written by others. */
  #with(node: Node, block: number, parts: Readonly<Record<string, (child: Node) => string>>): string {
    const special = new Map(
      Object.entries(parts).map(([name, write]) => [(node as unknown as Record<string, unknown>)[name], write]),
    );
    const children = childrenOf(node);
    const weighed = weighedChildren(node, children);
    let text = "";
    let at = node.start;
    for (const child of children) {
      text += this.code.slice(at, child.start);
      const write = special.get(child);
      if (write !== undefined) text += write(child);
      else text += weighed.includes(child) ? this.#node(child, block) : this.code.slice(child.start, child.end);
      at = child.end;
    }
    return text + this.code.slice(at, node.end);
  }
}
