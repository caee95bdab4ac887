import type { Identifier, Node } from "acorn";
import type { DialectRule } from "../rule.js";

export const directEval: DialectRule = {
  name: "direct eval",
  reason: "MicroQuickJS refuses it, and the gate cannot see into it.",
  remedy: "Leave it out of device code.",
  level: "refuse",
  find(script, found) {
    script.walk((node) => {
      if (node.type !== "CallExpression") return;
      const { callee } = node as Node & { callee: Node };
      if (callee.type === "Identifier" && (callee as Identifier).name === "eval") found(node);
    });
  },
};
