import { decodedMappings, encodedMap, TraceMap } from "@jridgewell/trace-mapping";
import type { Script } from "./minify.js";

/** Text of an edited script, and where in the old one it comes from: copied from there, or standing for what is there. */
export interface Piece {
  readonly text: string;
  readonly at: number;
  readonly copied: boolean;
}

/** What stands in place of the old text from `start` to `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly pieces: readonly Piece[];
}

/** Old text, with edits inside it; those of other places are left out. */
export function copy(code: string, start: number, end: number, edits: readonly Edit[] = []): Piece[] {
  const pieces: Piece[] = [];
  let from = start;
  const inside = edits.filter((edit) => edit.start >= start && edit.end <= end);
  for (const edit of inside.sort((a, b) => a.start - b.start || a.end - b.end)) {
    pieces.push({ text: code.slice(from, edit.start), at: from, copied: true }, ...edit.pieces);
    from = edit.end;
  }
  pieces.push({ text: code.slice(from, end), at: from, copied: true });
  return pieces.filter(({ text }) => text !== "");
}

/** New text that stands for what is at an old place. */
export function written(text: string, at: number): Piece {
  return { text, at, copied: false };
}

/** The script with edits that do not overlap, and its map with them. */
export function edited(script: Script, edits: readonly Edit[]): Script {
  const pieces = copy(script.code, 0, script.code.length, edits);
  const code = pieces.map(({ text }) => text).join("");
  const map = new TraceMap(script.map);
  const oldLines = lineStarts(script.code);
  const old = decodedMappings(map).flatMap((segments, line) =>
    segments.map(([column, ...origin]) => ({ at: oldLines[line]! + column, origin })),
  );
  const newLines = lineStarts(code);
  const mappings: unknown[][][] = newLines.map(() => []);
  let line = 0;
  const put = (at: number, origin: readonly number[]): void => {
    while (line + 1 < newLines.length && newLines[line + 1]! <= at) line++;
    mappings[line]!.push([at - newLines[line]!, ...origin]);
  };
  let at = 0;
  for (const piece of pieces) {
    let next = firstAfter(old, piece.at);
    put(at, old[next - 1]?.origin ?? []);
    const end = piece.at + (piece.copied ? piece.text.length : 0);
    for (; next < old.length && old[next]!.at < end; next++) put(at + old[next]!.at - piece.at, old[next]!.origin);
    at += piece.text.length;
  }
  const { version, sources, sourcesContent, names } = map;
  const made = new TraceMap({ version, sources, sourcesContent, names, mappings } as never);
  return { code, map: JSON.stringify(encodedMap(made)) };
}

/** Gathers replacements in a script. */
export class ScriptEdit {
  readonly #edits: Edit[] = [];

  constructor(readonly script: Script) {}

  /** Puts `text` where the characters from `start` to `end` were. Changes may touch and must not overlap. */
  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, pieces: text === "" ? [] : [written(text, start)] });
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  remove(start: number, end: number): void {
    this.replace(start, end, "");
  }

  /** The script with all changes; those at one place in the order in which they were asked for. */
  apply(): Script {
    return this.#edits.length === 0 ? this.script : edited(this.script, this.#edits);
  }
}

function lineStarts(code: string): number[] {
  const starts = [0];
  for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the first segment behind a place. */
function firstAfter(segments: readonly { readonly at: number }[], at: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
