import type { Equivalent } from "./mutant.js";

/** Mutants of the kernels and their compiler that give the same bytes for every model. */
export const nnEquivalents: readonly Equivalent[] = [];
