/** A view, with its place in a list. */
const LISTED_VIEW_VARS = 3;
/** A number in a plain array: its index and its value. */
const NUMBER_VARS = 2;

/** JsVars of a list of views. */
export function listedViews(count: number): number {
  return LISTED_VIEW_VARS * count;
}

/** JsVars of the numbers that native calls return in plain arrays. */
export function plainNumbers(count: number): number {
  return NUMBER_VARS * count;
}
