import { full } from "acorn-walk";
import type { Node } from "acorn";
import type { DialectRule } from "../rule.js";
import { isFunction } from "../script.js";

type FunctionNode = Node & { id: { name: string } | null; body: Node };

/**
 * A function declaration must come before any statement that could reach it: one that names it, or that calls
 * something which might.
 */
export const functionHoisting: DialectRule = {
  name: "function used before its declaration",
  reason: "Espruino defines a function when it reaches the declaration.",
  remedy: "Declare it before the first statement that runs.",
  level: "refuse",
  find(script, found) {
    script.walk((node) => {
      const body = bodyOf(node);
      if (body === undefined) return;
      const before: Node[] = [];
      for (const statement of body) {
        if (statement.type !== "FunctionDeclaration") before.push(statement);
        else if (before.some((earlier) => reaches(earlier, (statement as FunctionNode).id!.name))) found(statement);
      }
    });
  },
};

function bodyOf(node: Node): Node[] | undefined {
  if (node.type === "Program") return (node as Node & { body: Node[] }).body;
  if (!isFunction(node)) return undefined;
  const { body } = node as FunctionNode;
  return body.type === "BlockStatement" ? (body as Node & { body: Node[] }).body : undefined;
}

function reaches(statement: Node, name: string): boolean {
  let found = false;
  full(statement, (node) => {
    if (node.type === "CallExpression" || node.type === "NewExpression") found = true;
    if (node.type === "Identifier" && (node as Node & { name: string }).name === name) found = true;
  });
  return found;
}
