import ts from "typescript";
import { isTypedArray, type SourceRule } from "./source-rule.js";

export const typedArraySlice: SourceRule = {
  name: "slice of a typed array",
  reason: "Espruino returns a plain array; MicroQuickJS has no such method.",
  remedy: "Copy in a loop, or view with new Uint8Array(buffer, offset, length).",
  engines: ["espruino", "microquickjs"],
  matches: (node, checker) =>
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "slice" &&
    isTypedArray(node.expression.expression, checker),
};
