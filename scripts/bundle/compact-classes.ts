import type { Node } from "acorn";
import { classShapes, type ClassMember, type ClassShape } from "./class-shape.js";
import { memberName, parseScript, type Script } from "./dialect/script.js";

/** Called by the language itself, whoever names them. */
const IMPLICIT = new Set(["constructor", "toString", "valueOf", "toJSON"]);

/**
 * Makes classes smaller: methods whose name nobody speaks are dropped, until none is left, and the prototype becomes one
 * object literal instead of an assignment for each method. Every character keeps its place (what goes is overwritten
 * with blanks), so the source map stays true.
 */
export function compactClasses(code: string): string {
  let text = code;
  for (;;) {
    const script = parseScript(text);
    const next = blankAll(text, unusedMembers(script));
    if (next === text) break;
    text = next;
  }
  const edit = new Edit(text);
  for (const shape of classShapes(parseScript(text))) if (shape.plain) writeLiteral(shape, edit);
  return edit.text();
}

function unusedMembers(script: Script): Node[] {
  const members = classShapes(script).flatMap((shape) => shape.members);
  const definitions = new Set(members.map(({ statement }) => statement));
  const spoken = new Set(IMPLICIT);
  script.walk((node, ancestors) => {
    if (node.type === "MemberExpression") {
      const assigned = ancestors[ancestors.length - 3];
      const defines = assigned !== undefined && definitions.has(assigned) && isTarget(node, ancestors);
      if (!defines) spoken.add(memberName(node) ?? "");
    } else if (node.type === "Literal") {
      const call = ancestors[ancestors.length - 3];
      const { value } = node as Node & { value?: unknown };
      if (typeof value === "string" && !(call !== undefined && definitions.has(call))) spoken.add(value);
    }
  });
  return members.filter(({ name }) => !spoken.has(name)).map(({ statement }) => statement);
}

function isTarget(node: Node, ancestors: readonly Node[]): boolean {
  const parent = ancestors[ancestors.length - 2]!;
  return parent.type === "AssignmentExpression" && (parent as Node & { left: Node }).left === node;
}

/** `C.prototype.a = function () {}; C.prototype.b = ...` → `C.prototype={a: function () {}, b: ...}`. */
function writeLiteral({ name, members }: ClassShape, edit: Edit): void {
  const writes: [at: number, text: string][] = [];
  const blanks: [start: number, end: number][] = [];
  for (const [i, member] of members.entries()) {
    const { statement, functions, kind } = member;
    let from = statement.start;
    for (const [part, { start, end }] of functions.entries()) {
      // An accessor has no room for the word between its key and its parameters.
      const to = kind === "method" ? start : start + "function ".length;
      const opening = i === 0 && part === 0 ? `${name}.prototype={` : "";
      const key = opening + keyOf(member, part);
      const at = edit.room(from, to, key.length);
      if (at === undefined) return;
      blanks.push([from, to]);
      writes.push([at, key]);
      const isLast = i === members.length - 1 && part === functions.length - 1;
      writes.push([end, isLast ? "}" : ","]);
      from = end + 1;
    }
    if (statement.end < from) return;
    blanks.push([from, statement.end]);
  }
  for (const [start, end] of blanks) edit.blank(start, end);
  for (const [at, text] of writes) edit.write(at, text);
}

function keyOf({ name, kind }: ClassMember, part: number): string {
  return kind === "method" ? `${name}: ` : `${part === 0 ? kind.slice(0, 3) : "set"} ${name}`;
}

function blankAll(text: string, nodes: readonly Node[]): string {
  const edit = new Edit(text);
  for (const { start, end } of nodes) edit.blank(start, end);
  return edit.text();
}

/** Overwrites characters in place. */
class Edit {
  readonly #letters: string[];

  constructor(text: string) {
    this.#letters = text.split("");
  }

  blank(start: number, end: number): void {
    for (let i = start; i < end; i++) if (this.#letters[i] !== "\n") this.#letters[i] = " ";
  }

  /** Start of the first stretch of one line between the two places that has `length` characters. */
  room(start: number, end: number, length: number): number | undefined {
    for (let from = start; from < end;) {
      const lineEnd = this.#letters.indexOf("\n", from);
      const to = lineEnd < 0 ? end : Math.min(lineEnd, end);
      if (to - from >= length) return from;
      from = to + 1;
    }
    return undefined;
  }

  write(at: number, text: string): void {
    for (let i = 0; i < text.length; i++) this.#letters[at + i] = text[i]!;
  }

  text(): string {
    return this.#letters.join("");
  }
}
