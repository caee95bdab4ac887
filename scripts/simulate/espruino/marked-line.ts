/** Begins each line that the prelude prints for the simulator; prompts and banners of the engine lack it. */
export const MARK = "@@sertao ";

/** What an engine process tells. */
export type Told =
  | { readonly kind: "observe"; readonly name: string; readonly value: number }
  | { readonly kind: "memory"; readonly used: number; readonly total: number }
  | { readonly kind: "sleep"; readonly microseconds: number }
  | { readonly kind: "printed"; readonly line: string }
  | { readonly kind: "uncaught"; readonly text: string };

/** Reads one line of the engine's output; undefined where it carries our mark and means nothing. */
export function readLine(line: string): Told | undefined {
  const at = line.indexOf(MARK);
  if (at < 0) {
    const uncaught = /Uncaught (.*)$/.exec(line.trimEnd());
    return uncaught === null ? { kind: "printed", line } : { kind: "uncaught", text: uncaught[1]! };
  }
  const [kind, first, second] = line
    .slice(at + MARK.length)
    .trim()
    .split(" ");
  if (kind === "memory") return { kind, used: Number(first), total: Number(second) };
  if (kind === "sleep") return { kind, microseconds: Number(first) };
  if (kind === "observe" && first !== undefined) return { kind, name: first, value: Number(second) };
  return undefined;
}
