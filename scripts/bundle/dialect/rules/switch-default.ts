import type { Node } from "acorn";
import type { DialectRule } from "../rule.js";

export const switchDefault: DialectRule = {
  name: "default that is not the last case",
  reason: "Espruino refuses a case after default.",
  remedy: "Move default to the end.",
  level: "refuse",
  find(script, found) {
    script.walk((node) => {
      if (node.type !== "SwitchStatement") return;
      const { cases } = node as Node & { cases: (Node & { test: Node | null })[] };
      const place = cases.findIndex(({ test }) => test === null);
      if (place >= 0 && place < cases.length - 1) found(cases[place]!);
    });
  },
};
