import type { Identifier, Node } from "acorn";
import type { DialectRule } from "../rule.js";

const BOXES = new Set(["Number", "String", "Boolean"]);

export const boxedValue: DialectRule = {
  name: "boxed value",
  reason: "MicroQuickJS has no number, text or truth value as an object.",
  remedy: "Leave out new.",
  level: "refuse",
  find(script, found) {
    script.walk((node) => {
      if (node.type !== "NewExpression") return;
      const { callee } = node as Node & { callee: Node };
      if (callee.type === "Identifier" && BOXES.has((callee as Identifier).name)) found(node);
    });
  },
};
