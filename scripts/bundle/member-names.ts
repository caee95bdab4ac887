import type { MemberExpression, Node, Property } from "acorn";
import { parseScript } from "./dialect/script.js";

const FIRST = "etnrisouaflchpdvmgybwESxTNCkLAOM_DPHBjFIqRUzWXV$JKQGYZ";
const NEXT = `${FIRST}0123456789`;

/**
 * Short names for the members of a script: the more often a member is named, the shorter its name.
 * @param foreign names that must stay; a short name never equals one
 * @param groups members that may meet in one object; two of no common group may get the same name
 * @returns name to short name
 */
export function shortMemberNames(
  code: string,
  foreign: ReadonlySet<string>,
  groups: readonly ReadonlySet<string>[],
): Map<string, string> {
  const counts = new Map<string, number>();
  parseScript(code).walk((node) => {
    const name = memberName(node);
    if (name !== undefined && !foreign.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  const meets = neighbours(groups);
  const sorted = [...counts].sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1));
  const short = new Map<string, string>();
  for (const [name] of sorted) {
    // A member that no type names may be anybody's: it gets a name of its own.
    const around = meets.get(name) ?? counts.keys();
    const taken = new Set([...around].map((other) => short.get(other)));
    for (const [other, given] of short) if (!meets.has(other)) taken.add(given);
    let next = 0;
    let candidate = shortName(next++);
    while (foreign.has(candidate) || taken.has(candidate)) candidate = shortName(next++);
    short.set(name, candidate);
  }
  return short;
}

/** Every name with those that it shares a group with. */
function neighbours(groups: readonly ReadonlySet<string>[]): Map<string, Set<string>> {
  const meets = new Map<string, Set<string>>();
  for (const group of groups) {
    for (const name of group) {
      const around = meets.get(name) ?? new Set();
      meets.set(name, around);
      for (const other of group) around.add(other);
    }
  }
  return meets;
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
