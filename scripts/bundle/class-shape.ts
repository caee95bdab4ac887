import type { Identifier, Node } from "acorn";
import { memberName, type Script } from "./dialect/script.js";

/** One method or accessor of a class in TypeScript's ES5 form. */
export interface ClassMember {
  readonly name: string;
  readonly kind: "method" | "get" | "set" | "get and set";
  /** The whole statement. */
  readonly statement: Node;
  /** `function ...` of a method or getter, and of a setter. */
  readonly functions: readonly Node[];
}

/** A class in TypeScript's ES5 form: `(function () { function C() {} C.prototype.m = ...; return C; }())`. */
export interface ClassShape {
  readonly name: string;
  /** Statements between constructor and return, as long as each is a member of the prototype. */
  readonly members: readonly ClassMember[];
  /** False where other statements stand between them. */
  readonly plain: boolean;
}

/** Classes of a linked script. */
export function classShapes(script: Script): ClassShape[] {
  const shapes: ClassShape[] = [];
  script.walk((node) => {
    const shape = shapeOf(node);
    if (shape !== undefined) shapes.push(shape);
  });
  return shapes;
}

function shapeOf(node: Node): ClassShape | undefined {
  if (node.type !== "FunctionExpression") return undefined;
  const { body } = (node as Node & { body: Node & { body: Node[] } }).body;
  const [first, last] = [body[0], body[body.length - 1]];
  if (first?.type !== "FunctionDeclaration" || last?.type !== "ReturnStatement") return undefined;
  const { name } = (first as Node & { id: Identifier }).id;
  const { argument } = last as Node & { argument: Node | null };
  if (argument?.type !== "Identifier" || (argument as Identifier).name !== name) return undefined;
  const between = body.slice(1, -1);
  const members = between.map((statement) => methodOf(statement, name) ?? accessorOf(statement, name));
  return { name, members: members.filter((member) => member !== undefined), plain: !members.includes(undefined) };
}

function methodOf(statement: Node, name: string): ClassMember | undefined {
  if (statement.type !== "ExpressionStatement") return undefined;
  const { expression } = statement as Node & { expression: Node };
  if (expression.type !== "AssignmentExpression") return undefined;
  const { left, right } = expression as Node & { left: Node; right: Node };
  if (left.type !== "MemberExpression" || right.type !== "FunctionExpression") return undefined;
  const { object } = left as Node & { object: Node };
  const member = memberName(left);
  if (!isPrototype(object, name) || member === undefined) return undefined;
  return { name: member, kind: "method", statement, functions: [right] };
}

function accessorOf(statement: Node, name: string): ClassMember | undefined {
  if (statement.type !== "ExpressionStatement") return undefined;
  const { expression } = statement as Node & { expression: Node };
  if (expression.type !== "CallExpression") return undefined;
  const { callee, arguments: given } = expression as Node & { callee: Node; arguments: Node[] };
  if (callee.type !== "MemberExpression" || memberName(callee) !== "defineProperty") return undefined;
  const [object, key, descriptor] = given;
  if (object === undefined || !isPrototype(object, name) || descriptor?.type !== "ObjectExpression") return undefined;
  const member = (key as Node & { value?: unknown }).value;
  if (typeof member !== "string") return undefined;
  const parts = (descriptor as Node & { properties: (Node & { key: Identifier; value: Node })[] }).properties.filter(
    ({ key: part }) => part.name === "get" || part.name === "set",
  );
  const kind = parts.map(({ key: part }) => part.name).join(" and ");
  if (kind !== "get" && kind !== "set" && kind !== "get and set") return undefined;
  return { name: member, kind, statement, functions: parts.map(({ value }) => value) };
}

function isPrototype(node: Node, name: string): boolean {
  if (node.type !== "MemberExpression" || memberName(node) !== "prototype") return false;
  const { object } = node as Node & { object: Node };
  return object.type === "Identifier" && (object as Identifier).name === name;
}
