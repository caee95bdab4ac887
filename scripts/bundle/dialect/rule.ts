import type { Node } from "acorn";
import type { Script } from "./script.js";

/** Something an engine lacks or gets wrong. */
export interface DialectRule {
  readonly name: string;
  /** What the engine does: the reason in messages and in docs/bundle.md. */
  readonly reason: string;
  readonly remedy: string;
  /** "warn" where the construct is right in most uses. */
  readonly level: "refuse" | "warn";
  /** Reports every place; `detail` says what stands there, where the rule's name does not. */
  find(script: Script, found: (node: Node, detail?: string) => void): void;
}

/** A rule about one kind of syntax. */
export function syntaxRule(
  name: string,
  reason: string,
  remedy: string,
  matches: (node: Node, ancestors: readonly Node[]) => boolean,
): DialectRule {
  return {
    name,
    reason,
    remedy,
    level: "refuse",
    find(script, found) {
      script.walk((node, ancestors) => {
        if (matches(node, ancestors)) found(node);
      });
    },
  };
}
