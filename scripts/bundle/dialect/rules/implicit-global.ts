import type { DialectRule } from "../rule.js";

export const implicitGlobal: DialectRule = {
  name: "assignment to an undeclared variable",
  reason: "It makes a global that outlives everything.",
  remedy: "Declare it.",
  level: "refuse",
  find(script, found) {
    for (const { node, declaredIn, writes } of script.references)
      if (writes && declaredIn === undefined) found(node, node.name);
  },
};
