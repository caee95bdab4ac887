import type { Identifier, Node } from "acorn";
import { parseScript, type Script as Parsed } from "./dialect/script.js";
import type { Script } from "./minify.js";
import { ScriptEdit } from "./script-edit.js";

/** A mangled name, as most are. */
const SHORT = 2;
/** A variable that is never given a value. */
const UNDEFINED = "undefined$";
/** `var` declarators of the engine's objects: comma, name, equals sign. */
const DECLARATION = SHORT + 2;

/**
 * Gives a variable to each global of the engine whose name costs more characters than that: `Uint8Array` is written two
 * dozen times in a bundle. Calls of plain functions keep their names: a bundle's hooks may be absent or replaced.
 * @param script one function that is called at once, its body beginning on a line of its own
 */
export function aliasGlobals(script: Script): Script {
  const parsed = parseScript(script.code);
  const top = /^[^\n]*\(function\(\) \{|^!function\(\) \{/.exec(script.code);
  if (top === null) return script;
  const uses = new Map<string, Identifier[]>();
  for (const { node, declaredIn, writes, probed } of parsed.references) {
    if (declaredIn !== undefined || writes || probed || !/^[A-Z]/.test(node.name)) continue;
    uses.set(node.name, [...(uses.get(node.name) ?? []), node]);
  }
  const edit = new ScriptEdit(script);
  const declarations: string[] = [];
  for (const [name, nodes] of uses) {
    const saved = nodes.length * (name.length - SHORT) - name.length - DECLARATION;
    if (saved <= 0) continue;
    const alias = `${name}$`;
    declarations.push(`${alias} = ${name}`);
    for (const { start, end } of nodes) edit.replace(start, end, alias);
  }
  const nothing = undefinedValues(parsed);
  if (nothing.length * ("void 0".length - SHORT) > SHORT + 1) {
    declarations.push(UNDEFINED);
    for (const { start, end } of nothing) edit.replace(start, end, UNDEFINED);
  }
  if (declarations.length > 0) edit.insert(top[0].length, ` var ${declarations.join(", ")};`);
  return edit.apply();
}

/** `void 0`, as the compiler writes undefined. */
function undefinedValues(parsed: Parsed): Node[] {
  const found: Node[] = [];
  parsed.walk((node) => {
    const { operator, argument } = node as Node & { operator?: string; argument?: Node & { value?: unknown } };
    if (node.type === "UnaryExpression" && operator === "void" && argument?.value === 0) found.push(node);
  });
  return found;
}
