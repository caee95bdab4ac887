import { TraceMap, originalPositionFor } from "@jridgewell/trace-mapping";
import type { EngineName } from "../../../boards/board.js";
import { bundleDialect } from "../../errors/bundle.js";
import type { Script } from "../minify.js";
import { ENGINE_RULES } from "./engines.js";
import { parseScript } from "./script.js";

/** One place in the sources that a rule speaks about. */
export interface Finding {
  readonly rule: string;
  readonly level: "refuse" | "warn";
  /** Source file as in the map, or "bundle.js" where the map knows no source. */
  readonly file: string;
  readonly line: number;
  readonly detail: string | undefined;
  readonly reason: string;
  readonly remedy: string;
}

/** What the engine's rules say about a script, in the order of the source. */
export function inspect(script: Script, engine: EngineName): Finding[] {
  const parsed = parseScript(script.code);
  const map = new TraceMap(script.map);
  const findings = new Map<string, Finding>();
  for (const { name, reason, remedy, level, find } of ENGINE_RULES[engine])
    find(parsed, (node, detail) => {
      const { start } = node.loc!;
      const origin = originalPositionFor(map, start);
      const file = origin.source ?? "bundle.js";
      const line = origin.line ?? start.line;
      findings.set(`${file}:${line}:${name}:${detail}`, { rule: name, level, file, line, detail, reason, remedy });
    });
  return [...findings.values()].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** Refuses what the engine cannot run. Throws BUNDLE_DIALECT. @returns the warnings */
export function passGate(script: Script, engine: EngineName): Finding[] {
  const findings = inspect(script, engine);
  refuse(engine, findings);
  return findings;
}

/** Throws BUNDLE_DIALECT with the findings that are no mere warnings, if there are any. */
export function refuse(engine: string, findings: readonly Finding[]): void {
  const refused = findings.filter(({ level }) => level === "refuse");
  if (refused.length === 0) return;
  const shown = refused.slice(0, 5).map(describe);
  const rest = refused.length - shown.length;
  throw bundleDialect(engine, shown.join(" ") + (rest > 0 ? ` And ${rest} more.` : ""));
}

function describe({ file, line, rule, detail, reason, remedy }: Finding): string {
  return `${file}:${line}: ${rule}${detail === undefined ? "" : ` (${detail})`}. ${reason} ${remedy}`;
}
