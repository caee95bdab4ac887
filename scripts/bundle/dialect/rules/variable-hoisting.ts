import type { Identifier, Node } from "acorn";
import type { DialectRule } from "../rule.js";
import { isFunction, type Reference } from "../script.js";

interface Place {
  /** Innermost block, loop or branch around the declaration; undefined at the top of its function. */
  readonly within: Node | undefined;
  readonly at: number;
}

/** A `var` must be reached before its variable is used: at the top of its function, or around all of its uses. */
export const variableHoisting: DialectRule = {
  name: "variable used before or outside its var",
  reason: "Espruino declares a variable when it reaches the var; until then writing makes a global.",
  remedy: "Declare it at the top of the function.",
  level: "refuse",
  find(script, found) {
    const places = new Map<Node, Map<string, Place[]>>();
    script.walk((node, ancestors) => {
      if (node.type !== "VariableDeclaration" || (node as Node & { kind: string }).kind !== "var") return;
      const owner = ancestors.findLast((around) => isFunction(around) || around.type === "Program")!;
      const names = places.get(owner) ?? new Map<string, Place[]>();
      places.set(owner, names);
      for (const { id } of (node as Node & { declarations: { id: Node }[] }).declarations) {
        if (id.type !== "Identifier") continue;
        const list = names.get((id as Identifier).name) ?? [];
        names.set((id as Identifier).name, [...list, { within: conditionAround(ancestors), at: id.start }]);
      }
    });
    for (const use of script.references)
      if (isUnreached(use, places.get(use.declaredIn?.node as Node)?.get(use.node.name)))
        found(use.node, use.node.name);
  },
};

function isUnreached(use: Reference, places: Place[] | undefined): boolean {
  if (places === undefined || isParameter(use)) return false;
  // A use in an inner function happens when that is called: the place of its text says nothing.
  const sameFunction = use.scope === use.declaredIn;
  return !places.some(({ within, at }) => {
    const covers = within === undefined || (within.start <= use.node.start && use.node.end <= within.end);
    return covers && (!sameFunction || at <= use.node.start);
  });
}

function isParameter(use: Reference): boolean {
  const { params } = use.declaredIn!.node as Node & { params?: Node[] };
  return params?.some((param) => param.type === "Identifier" && (param as Identifier).name === use.node.name) ?? false;
}

/** The statement that decides whether the declaration is reached at all. */
function conditionAround(ancestors: readonly Node[]): Node | undefined {
  for (let i = ancestors.length - 2; i >= 0; i--) {
    const node = ancestors[i]!;
    if (isFunction(node) || node.type === "Program") return undefined;
    const child = ancestors[i + 1]!;
    if (/^For/.test(node.type)) {
      const { init, left } = node as Node & { init?: Node; left?: Node };
      if (child === init || child === left) continue;
      return child;
    }
    if (node.type === "BlockStatement") continue;
    if (/^(If|While|Switch|Try|Catch|With|Labeled)/.test(node.type)) return child;
  }
  return undefined;
}
