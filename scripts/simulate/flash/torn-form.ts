/**
 * What an interrupted operation leaves behind.
 * - `none`, `all`: nothing of it, or all of it
 * - `prefix`: the first `bytes` of a write
 * - `bits`: the first `bytes`, and a seeded subset of the bits of the word that follows
 * - `scatter`: of each word of a write nothing, all, or a seeded subset of its bits: chips program them in any order
 * - `cells`: an erase of which seeded cells are done, others not, others read differently twice
 */
export type TornForm =
  | { readonly kind: "none" | "all" }
  | { readonly kind: "prefix"; readonly bytes: number }
  | { readonly kind: "bits"; readonly bytes: number; readonly seed: number }
  | { readonly kind: "scatter" | "cells"; readonly seed: number };

/** One flash operation of a recorded run. */
export interface FlashOperation {
  readonly kind: "write" | "erase";
  readonly address: number;
  /** Bytes written, or the size of the page. */
  readonly count: number;
}

/** Every form in which an operation can be torn: `variety` seeds for each form that takes one. */
export function tornForms(operation: FlashOperation, variety: number): TornForm[] {
  const forms: TornForm[] = [{ kind: "none" }, { kind: "all" }];
  if (operation.kind === "erase") {
    for (let seed = 0; seed < 4 * variety; seed++) forms.push({ kind: "cells", seed });
    return forms;
  }
  for (let bytes = 0; bytes < operation.count; bytes++) {
    if (bytes > 0) forms.push({ kind: "prefix", bytes });
    for (let seed = 0; seed < variety; seed++) forms.push({ kind: "bits", bytes, seed });
  }
  for (let seed = 0; seed < variety; seed++) forms.push({ kind: "scatter", seed });
  return forms;
}

/** One word for a command line: `none`, `prefix/5`, `bits/5/1`, `cells/3`. */
export function formText(form: TornForm): string {
  if (form.kind === "prefix") return `prefix/${form.bytes}`;
  if (form.kind === "bits") return `bits/${form.bytes}/${form.seed}`;
  if (form.kind === "scatter" || form.kind === "cells") return `${form.kind}/${form.seed}`;
  return form.kind;
}

/** Reads what `formText` wrote; undefined where it is something else. */
export function parseForm(text: string): TornForm | undefined {
  const [kind, first, second] = text.split("/");
  const numbers = [first, second].map((part) => (part === undefined ? NaN : Number(part)));
  const form: TornForm | undefined =
    kind === "none" || kind === "all"
      ? { kind }
      : kind === "prefix"
        ? { kind, bytes: numbers[0]! }
        : kind === "bits"
          ? { kind, bytes: numbers[0]!, seed: numbers[1]! }
          : kind === "scatter" || kind === "cells"
            ? { kind, seed: numbers[0]! }
            : undefined;
  return form !== undefined && formText(form) === text ? form : undefined;
}
