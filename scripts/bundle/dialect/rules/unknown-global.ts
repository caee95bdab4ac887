import type { DialectRule } from "../rule.js";

/** Refuses every global name that the engine does not have, unless the script asks `typeof name` first. `pins` matches names that boards add. */
export function unknownGlobal(known: ReadonlySet<string>, pins?: RegExp): DialectRule {
  return {
    name: "global that the engine lacks",
    reason: "Reading it throws.",
    remedy: "Use lib/, or ask the platform through hal.",
    level: "refuse",
    find(script, found) {
      const probed = new Set(script.references.filter((use) => use.probed).map((use) => use.node.name));
      for (const { node, declaredIn, writes } of script.references) {
        if (declaredIn !== undefined || writes || probed.has(node.name)) continue;
        if (!known.has(node.name) && !pins?.test(node.name)) found(node, node.name);
      }
    },
  };
}
