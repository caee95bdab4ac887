import type ts from "typescript";

/** A rule that needs types, so it reads the TypeScript sources instead of the bundle. */
export interface SourceRule {
  readonly name: string;
  readonly reason: string;
  readonly remedy: string;
  readonly engines: readonly string[];
  matches(node: ts.Node, checker: ts.TypeChecker): boolean;
}

/** True for Int8Array to Float64Array, and for a union with one of them. */
export function isTypedArray(node: ts.Node, checker: ts.TypeChecker): boolean {
  const type = checker.getTypeAtLocation(node);
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => /^(Int|Uint|Float)\d+(Clamped)?Array$/.test(part.getSymbol()?.name ?? ""));
}
