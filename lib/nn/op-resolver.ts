import type { Operator } from "./operator.js";

/** The operators a firmware has. A bundle lists only those its model uses. */
export type OpResolver = readonly Operator[];
