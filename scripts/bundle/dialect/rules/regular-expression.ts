import type { Node } from "acorn";
import type { DialectRule } from "../rule.js";

const LACKING: [RegExp, string][] = [
  [/\(\?<?[=!]/, "lookaround"],
  [/\(\?/, "a group that does not capture, or has a name"],
  [/\{\d+(,\d*)?\}/, "a counted repetition"],
  [/[*+?]\?/, "a lazy repetition"],
  [/\\[1-9]/, "a backreference"],
  [/\\[bB]/, "a word boundary"],
  [/\\[pP]\{/, "a Unicode class"],
];

/** Probed one by one on Espruino 2v29: all but the backreference fail without a word. */
export const regularExpression: DialectRule = {
  name: "regular expression",
  reason: "Espruino matches characters, classes, groups, ^ $ | * + ? only, and the rest wrongly.",
  remedy: "Use indexOf, charCodeAt and loops.",
  level: "refuse",
  find(script, found) {
    script.walk((node) => {
      const expression = expressionOf(node);
      if (expression === undefined) return;
      const pattern = expression.pattern.replace(/\\[^1-9bBpP]/g, "_").replace(/\[[^\]]*\]/g, "_");
      const lack = LACKING.find(([form]) => form.test(pattern))?.[1];
      if (lack !== undefined) found(node, lack);
      else if (/[^gim]/.test(expression.flags)) found(node, `flag ${expression.flags}`);
    });
  },
};

function expressionOf(node: Node): { pattern: string; flags: string } | undefined {
  if (node.type === "Literal")
    return (node as Node & { regex?: { pattern: string; flags: string } | null }).regex ?? undefined;
  if (node.type !== "NewExpression" && node.type !== "CallExpression") return undefined;
  const { callee, arguments: given } = node as Node & { callee: Node; arguments: Node[] };
  if (callee.type !== "Identifier" || (callee as Node & { name: string }).name !== "RegExp") return undefined;
  const [pattern, flags] = given.map((part) => (part as Node & { value?: unknown }).value);
  return typeof pattern === "string" ? { pattern, flags: typeof flags === "string" ? flags : "" } : undefined;
}
