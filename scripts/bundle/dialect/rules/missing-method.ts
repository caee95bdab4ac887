import type { Node } from "acorn";
import type { DialectRule } from "../rule.js";
import { memberName } from "../script.js";

/** Refuses calls of methods that arrays, texts and numbers lack on the engine, unless the bundle defines one itself. */
export function missingMethod(lacking: ReadonlySet<string>): DialectRule {
  return {
    name: "method that the engine lacks",
    reason: "It is undefined.",
    remedy: "Write a loop.",
    level: "refuse",
    find(script, found) {
      script.walk((node) => {
        if (node.type !== "CallExpression") return;
        const { callee } = node as Node & { callee: Node };
        if (callee.type !== "MemberExpression") return;
        const name = memberName(callee);
        if (name !== undefined && lacking.has(name) && !script.ownMembers.has(name)) found(callee, `.${name}()`);
      });
    },
  };
}
