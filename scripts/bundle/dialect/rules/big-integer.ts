import type { Node } from "acorn";
import { syntaxRule } from "../rule.js";

export const bigInteger = syntaxRule(
  "BigInt",
  "The engine has none.",
  "Split the number in 32-bit words.",
  (node) => node.type === "Literal" && (node as Node & { bigint?: string }).bigint !== undefined,
);
