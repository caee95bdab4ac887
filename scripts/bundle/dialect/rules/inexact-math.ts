import type { Identifier, Node } from "acorn";
import type { DialectRule } from "../rule.js";
import { memberName } from "../script.js";

const INEXACT: Record<string, string> = {
  "Math.round": "Math.round(-0.5) is -1",
  "Math.pow": "Math.pow is exact for exponents 0 to 9 only",
};

export const inexactMath: DialectRule = {
  name: "inexact function",
  reason: "Espruino rounds halves away from zero, and takes powers through logarithms.",
  remedy: "Where every bit counts: Math.floor(x + 0.5), or a constant.",
  level: "warn",
  find(script, found) {
    script.walk((node) => {
      if (node.type !== "MemberExpression") return;
      const { object } = node as Node & { object: Node };
      const name = `${(object as Identifier).name}.${memberName(node)}`;
      if (INEXACT[name] !== undefined) found(node, INEXACT[name]);
    });
  },
};
