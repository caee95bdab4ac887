import type { BlockStatement, Expression, IfStatement, Node, ReturnStatement } from "acorn";
import { copy, written, type Edit, type Piece } from "./script-edit.js";

/** How a function's body becomes statements in the middle of another one. */
export interface InlinedBody {
  readonly code: string;
  /** The function's own `return` statements. */
  readonly returns: ReadonlySet<Node>;
  /** Renames its variables. */
  readonly edits: readonly Edit[];
  /** What a value is assigned to ("x = "); undefined where nobody takes it. */
  readonly target: Piece[] | undefined;
}

/**
 * True where the statements end, on every way through them, behind a `return` or at their end, without one in a loop, a
 * `try` or a `switch`: then what follows an `if` that returns can go into its other branch.
 * @param needsValue the end without a `return` does not count
 */
export function canInline(statements: readonly Node[], returns: ReadonlySet<Node>, needsValue: boolean): boolean {
  const at = statements.findIndex((statement) => holds(statement, returns));
  if (at < 0) return !needsValue;
  const [statement, ...rest] = statements.slice(at) as [Node, ...Node[]];
  if (statement.type === "BlockStatement") return canInline([...listOf(statement), ...rest], returns, needsValue);
  if (statement.type === "ReturnStatement") {
    return rest.length === 0 && (!needsValue || Boolean((statement as ReturnStatement).argument));
  }
  const branches = branchesOf(statement, rest, returns);
  return branches !== undefined && branches.every((branch) => canInline(branch, returns, needsValue));
}

/** The statements as they stand in the place of the call. */
export function inlined(statements: readonly Node[], body: InlinedBody): Piece[] {
  const { code, returns, edits } = body;
  const pieces: Piece[] = [];
  for (let i = 0; i < statements.length; i++) {
    const statement = statements[i]!;
    if (!holds(statement, returns)) {
      pieces.push(...copy(code, statement.start, statement.end, edits), written("\n", statement.end));
      continue;
    }
    if (statement.type === "BlockStatement")
      return [...pieces, ...inlined([...listOf(statement), ...statements.slice(i + 1)], body)];
    if (statement.type === "ReturnStatement") return [...pieces, ...valueOf(statement as ReturnStatement, body)];
    const { test } = statement as IfStatement;
    const [then, otherwise] = branchesOf(statement, statements.slice(i + 1), returns)!;
    return [
      ...pieces,
      written("if (", statement.start),
      ...copy(code, test.start, test.end, edits),
      written(") {\n", test.end),
      ...inlined(then, body),
      written("\n} else {\n", statement.end),
      ...inlined(otherwise, body),
      written("\n}\n", statement.end),
    ];
  }
  return pieces;
}

/** Both branches of an `if` that returns in one of them, with what follows it where it goes on. */
function branchesOf(statement: Node, rest: readonly Node[], returns: ReadonlySet<Node>): [Node[], Node[]] | undefined {
  if (statement.type !== "IfStatement") return undefined;
  const { consequent, alternate } = statement as IfStatement;
  const then = listOf(consequent);
  const otherwise = listOf(alternate);
  if (holds(consequent, returns)) return alwaysReturns(then) ? [then, [...otherwise, ...rest]] : undefined;
  return alwaysReturns(otherwise) ? [[...then, ...rest], otherwise] : undefined;
}

function listOf(statement: Node | null | undefined): Node[] {
  if (!statement) return [];
  return statement.type === "BlockStatement" ? (statement as BlockStatement).body : [statement];
}

/** True where no way through the statements reaches their end. */
export function alwaysReturns(statements: readonly Node[]): boolean {
  const last = statements[statements.length - 1];
  if (last?.type === "ReturnStatement") return true;
  if (last?.type === "BlockStatement") return alwaysReturns(listOf(last));
  if (last?.type !== "IfStatement") return false;
  const { consequent, alternate } = last as IfStatement;
  return alwaysReturns(listOf(consequent)) && alwaysReturns(listOf(alternate));
}

function holds(around: Node, inner: ReadonlySet<Node>): boolean {
  for (const node of inner) if (node.start >= around.start && node.end <= around.end) return true;
  return false;
}

function valueOf({ argument }: ReturnStatement, { code, edits, target }: InlinedBody): Piece[] {
  if (!argument || (target === undefined && isEffectless(argument))) return [];
  return [...(target ?? []), ...copy(code, argument.start, argument.end, edits), written(";\n", argument.end)];
}

function isEffectless(value: Expression): boolean {
  return value.type === "Identifier" || value.type === "Literal";
}
