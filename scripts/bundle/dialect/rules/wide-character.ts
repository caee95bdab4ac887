import type { Node } from "acorn";
import type { DialectRule } from "../rule.js";

export const wideCharacter: DialectRule = {
  name: "character above 255",
  reason: "Strings are bytes: the character is cut or becomes several.",
  remedy: "Keep texts on the device in ASCII.",
  level: "refuse",
  find(script, found) {
    script.walk((node) => {
      const value = node.type === "Literal" ? (node as Node & { value?: unknown }).value : undefined;
      if (typeof value === "string" && [...value].some((letter) => letter > "\u00ff"))
        found(node, JSON.stringify(value));
    });
  },
};
