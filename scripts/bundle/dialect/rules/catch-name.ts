import type { Identifier, Node } from "acorn";
import type { DialectRule } from "../rule.js";
import { isFunction } from "../script.js";

/** Probed on MicroQuickJS of 2026-01: "catch variable already exists". */
export const catchName: DialectRule = {
  name: "catch variable with a name in use",
  reason: "MicroQuickJS keeps it in the function: a second catch or variable of that name is a syntax error.",
  remedy: "Give every catch of a function a name of its own.",
  level: "refuse",
  find(script, found) {
    const taken = new Map<Node, Set<string>>();
    const namesOf = (ancestors: readonly Node[]): Set<string> => {
      const owner = ancestors.findLast((around) => isFunction(around) || around.type === "Program")!;
      const names = taken.get(owner) ?? new Set(parameters(owner));
      taken.set(owner, names);
      return names;
    };
    script.walk((node, ancestors) => {
      if (node.type !== "VariableDeclarator") return;
      const { id } = node as Node & { id: Node };
      if (id.type === "Identifier") namesOf(ancestors).add((id as Identifier).name);
    });
    script.walk((node, ancestors) => {
      if (node.type !== "CatchClause") return;
      const { param } = node as Node & { param?: Node | null };
      if (param?.type !== "Identifier") return;
      const names = namesOf(ancestors);
      const { name } = param as Identifier;
      if (names.has(name)) found(param, name);
      names.add(name);
    });
  },
};

function parameters(owner: Node): string[] {
  const { params } = owner as Node & { params?: Node[] };
  return (params ?? []).flatMap((param) => (param.type === "Identifier" ? [(param as Identifier).name] : []));
}
