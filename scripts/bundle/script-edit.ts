import { decodedMappings, encodedMap, TraceMap } from "@jridgewell/trace-mapping";
import type { Script } from "./minify.js";

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Replaces pieces of a script; its map moves along. */
export class ScriptEdit {
  readonly #changes: Change[] = [];

  constructor(readonly script: Script) {}

  /** Puts `text` where the characters from `start` to `end` were. Changes may touch and must not overlap. */
  replace(start: number, end: number, text: string): void {
    this.#changes.push({ start, end, text });
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  remove(start: number, end: number): void {
    this.replace(start, end, "");
  }

  /** The script with all changes; those at one place in the order in which they were asked for. */
  apply(): Script {
    if (this.#changes.length === 0) return this.script;
    const changes = [...this.#changes].sort((a, b) => a.start - b.start || a.end - b.end);
    const { code } = this.script;
    let edited = "";
    let from = 0;
    for (const { start, end, text } of changes) {
      if (start < from) throw new Error("changes of a script overlap");
      edited += code.slice(from, start) + text;
      from = end;
    }
    return { code: edited + code.slice(from), map: this.#moved(changes) };
  }

  /** Every segment goes where its character went; what was removed leaves no segment. */
  #moved(changes: readonly Change[]): string {
    const map = new TraceMap(this.script.map);
    const mappings: unknown[][] = [];
    let lineStart = 0;
    let next = 0;
    this.script.code.split("\n").forEach((line, index) => {
      const moved: unknown[] = [];
      let shift = 0;
      while (next < changes.length && changes[next]!.end < lineStart) next++;
      for (const [column, ...rest] of decodedMappings(map)[index] ?? []) {
        const at = lineStart + column;
        for (; next < changes.length && changes[next]!.end <= at; next++) shift += grown(changes[next]!);
        const isGone = next < changes.length && changes[next]!.start < at;
        if (!isGone) moved.push([column + shift, ...rest]);
      }
      mappings.push(moved);
      lineStart += line.length + 1;
    });
    const { version, sources, sourcesContent, names } = map;
    return JSON.stringify(encodedMap(new TraceMap({ version, sources, sourcesContent, names, mappings } as never)));
  }
}

/** Changes never hold a line end, so columns move by what came before on the line. */
function grown({ start, end, text }: Change): number {
  return text.length - (end - start);
}
