/** Counts of `computeMemoryUsage()` that the estimate needs. */
export interface HeapCounts {
  readonly obj_count: number;
  readonly prop_count: number;
  readonly js_func_count: number;
  readonly fast_array_elements: number;
  readonly binary_object_count: number;
  readonly binary_object_size: number;
}

// Espruino, 14-byte JsVars, code run from Storage (docs/simulator.md): a function 5, a member a name and mostly a value,
// an element of an array 1, a typed array 2 and its bytes. QuickJS counts two members of its own for each function.
const FUNCTION_VARS = 5;
const MEMBER_VARS = 1.5;
const FUNCTION_MEMBERS = 2;
const VIEW_VARS = 2;
/** Console, timers, network stack of a running interpreter. */
const RUNTIME_VARS = 300;

/**
 * JsVars that Espruino would need for what the engine holds: an estimate, for the two keep their objects differently.
 * @param before the engine with its API and no application
 * @param bytesEach data bytes of one JsVar
 */
export function estimateJsVars(now: HeapCounts, before: HeapCounts, bytesEach: number): number {
  const more = (name: keyof HeapCounts): number => Math.max(0, now[name] - before[name]);
  const functions = more("js_func_count");
  const objects = Math.max(0, more("obj_count") - functions);
  const members = Math.max(0, more("prop_count") - FUNCTION_MEMBERS * functions);
  return Math.ceil(
    RUNTIME_VARS +
      functions * FUNCTION_VARS +
      objects +
      members * MEMBER_VARS +
      more("fast_array_elements") +
      more("binary_object_count") * VIEW_VARS +
      more("binary_object_size") / bytesEach,
  );
}
