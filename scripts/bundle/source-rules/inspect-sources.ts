import ts from "typescript";
import { shownPath } from "../device-program.js";
import type { Finding } from "../dialect/gate.js";
import { arrayLength } from "./array-length.js";
import { engineGlobal } from "./engine-global.js";
import type { SourceRule } from "./source-rule.js";
import { typedArraySlice } from "./typed-array-slice.js";

/** Rules that need types. A new one is a file here and an entry in this list. */
export const SOURCE_RULES: readonly SourceRule[] = [typedArraySlice, arrayLength, engineGlobal];

/** What the rules that need types say about all sources of a program. */
export function inspectSources(program: ts.Program, engine: string): Finding[] {
  const rules = SOURCE_RULES.filter((rule) => rule.engines.includes(engine));
  const checker = program.getTypeChecker();
  const findings: Finding[] = [];
  for (const source of program.getSourceFiles()) {
    if (source.isDeclarationFile) continue;
    const visit = (node: ts.Node): void => {
      for (const { name, reason, remedy, matches } of rules)
        if (matches(node, checker)) {
          const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
          const file = shownPath(source.fileName);
          findings.push({ rule: name, level: "refuse", file, line, detail: undefined, reason, remedy });
        }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return findings;
}
