import type { CallExpression, Identifier, MemberExpression, NewExpression, Node, ObjectExpression } from "acorn";
import { INTERPRETED as I } from "./espruino-instructions.js";

/** Instructions of a node itself, without those of the nodes below it. */
export function weigh(node: Node): number {
  switch (node.type) {
    case "Identifier":
    case "ThisExpression":
      return I.variable;
    case "Literal":
      return I.literal;
    case "BinaryExpression":
    case "LogicalExpression":
    case "UnaryExpression":
    case "ConditionalExpression":
      return I.operator;
    case "AssignmentExpression":
      return I.assignment + ((node as Node & { operator: string }).operator === "=" ? 0 : I.operator);
    case "VariableDeclarator":
      return (node as Node & { init?: Node | null }).init ? I.assignment : 0;
    case "UpdateExpression":
      return I.update;
    case "MemberExpression":
      return (node as MemberExpression).computed ? I.element : I.member;
    case "CallExpression":
      return weighCall(node as CallExpression);
    case "NewExpression":
      return weighNew(node as NewExpression);
    case "ObjectExpression":
      return I.object + I.objectMember * (node as ObjectExpression).properties.length;
    case "ArrayExpression":
      return I.object;
    case "IfStatement":
    case "ReturnStatement":
      return I.keyword;
    default:
      return 0;
  }
}

/** The nodes below a node whose own instructions count: names of members and what a call replaces do not. */
export function weighedChildren(node: Node, children: readonly Node[]): readonly Node[] {
  if (node.type === "MemberExpression") {
    const { property, computed } = node as MemberExpression;
    return computed ? children : children.filter((child) => child !== property);
  }
  if (node.type === "Property") {
    const { key } = node as Node & { key: Node };
    return children.filter((child) => child !== key);
  }
  if (node.type === "CallExpression" && isMath((node as CallExpression).callee)) return without(node, children);
  return node.type === "NewExpression" ? without(node, children) : children;
}

function without(node: Node, children: readonly Node[]): readonly Node[] {
  const { callee } = node as CallExpression | NewExpression;
  return callee.type === "FunctionExpression" ? children : children.filter((child) => child !== callee);
}

function weighCall({ callee, arguments: args }: CallExpression): number {
  return isMath(callee) ? I.mathCall : I.call + I.argument * args.length;
}

function weighNew({ callee, arguments: args }: NewExpression): number {
  const isView = /^(Int|Uint|Float)\d+(Clamped)?Array$/.test((callee as Identifier).name ?? "");
  return isView ? I.view : I.call + I.argument * args.length + I.object;
}

function isMath(callee: Node): boolean {
  return callee.type === "MemberExpression" && ((callee as MemberExpression).object as Identifier).name === "Math";
}
