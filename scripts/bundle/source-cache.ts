import { statSync } from "node:fs";
import type ts from "typescript";

interface Known {
  readonly bytes: number;
  readonly changedMs: number;
  readonly source: ts.SourceFile;
}

const known = new Map<string, Known>();

/**
 * A parsed file, from memory where its size and time are what they were: programs of one process share what they have in
 * common, and one that is built again parses only what was edited. All callers must parse with the same options.
 */
export function cachedSource(path: string, parse: () => ts.SourceFile | undefined): ts.SourceFile | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  const before = known.get(path);
  if (before !== undefined && before.bytes === stat?.size && before.changedMs === stat.mtimeMs) return before.source;
  const source = parse();
  if (source === undefined || stat === undefined) known.delete(path);
  else known.set(path, { bytes: stat.size, changedMs: stat.mtimeMs, source });
  return source;
}
