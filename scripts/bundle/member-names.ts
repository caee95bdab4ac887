import type { MemberExpression, Node, Property } from "acorn";
import { parseScript } from "./dialect/script.js";

const FIRST = "etnrisouaflchpdvmgybwESxTNCkLAOM_DPHBjFIqRUzWXV$JKQGYZ";
const NEXT = `${FIRST}0123456789`;

/**
 * Short names for the members of a script: the more often a member is named, the shorter its name.
 * @param foreign names that must stay; a short name never equals one
 * @returns name to short name
 */
export function shortMemberNames(code: string, foreign: ReadonlySet<string>): Map<string, string> {
  const counts = new Map<string, number>();
  parseScript(code).walk((node) => {
    const name = memberName(node);
    if (name !== undefined && !foreign.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  const sorted = [...counts].sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1));
  const short = new Map<string, string>();
  let next = 0;
  for (const [name] of sorted) {
    let candidate = shortName(next++);
    while (foreign.has(candidate)) candidate = shortName(next++);
    short.set(name, candidate);
  }
  return short;
}

function memberName(node: Node): string | undefined {
  if (node.type === "MemberExpression") {
    const { computed, property } = node as MemberExpression;
    return !computed && property.type === "Identifier" ? property.name : undefined;
  }
  if (node.type === "Property") {
    const { key } = node as Property;
    return key.type === "Identifier" ? key.name : undefined;
  }
  return undefined;
}

function shortName(index: number): string {
  let name = FIRST[index % FIRST.length]!;
  for (let rest = Math.floor(index / FIRST.length); rest > 0; rest = Math.floor((rest - 1) / NEXT.length)) {
    name += NEXT[(rest - 1) % NEXT.length]!;
  }
  return name;
}
