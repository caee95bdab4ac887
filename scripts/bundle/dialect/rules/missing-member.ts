import type { Identifier, Node } from "acorn";
import type { DialectRule } from "../rule.js";
import { memberName } from "../script.js";

/** Refuses `Math.imul` and the like: members of the engine's own objects, as "Object.member". */
export function missingMember(lacking: ReadonlySet<string>): DialectRule {
  return {
    name: "built-in that the engine lacks",
    reason: "It is undefined.",
    remedy: "Write it with what there is: docs/bundle.md names the substitutes.",
    level: "refuse",
    find(script, found) {
      const globals = new Set(script.references.filter((use) => use.declaredIn === undefined).map((use) => use.node));
      script.walk((node) => {
        if (node.type !== "MemberExpression") return;
        const { object } = node as Node & { object: Node };
        if (object.type !== "Identifier" || !globals.has(object as Identifier)) return;
        const name = `${(object as Identifier).name}.${memberName(node)}`;
        if (lacking.has(name)) found(node, name);
      });
    },
  };
}
