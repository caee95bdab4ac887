import type { Node } from "acorn";
import { syntaxRule } from "../rule.js";

export const generator = syntaxRule(
  "generator",
  "The engine has no generators.",
  "Keep the state in an object with a step method.",
  (node) => (node as Node & { generator?: boolean }).generator === true,
);
