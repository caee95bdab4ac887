/** Counts of `computeMemoryUsage()` that the estimate needs. */
export interface HeapCounts {
  readonly obj_count: number;
  readonly prop_count: number;
  readonly js_func_count: number;
  readonly fast_array_elements: number;
  readonly memory_used_size: number;
  readonly atom_size: number;
  readonly str_size: number;
  readonly obj_size: number;
  readonly prop_size: number;
  readonly shape_size: number;
  readonly js_func_size: number;
}

// Espruino, 14-byte JsVars, code run from Storage (docs/simulator.md): a function 5, a member a name and mostly a value,
// an element of an array 1. QuickJS counts two members of its own for each function.
const FUNCTION_VARS = 5;
const MEMBER_VARS = 1.5;
const FUNCTION_MEMBERS = 2;
const ELEMENT_BYTES = 8;
/** Console, timers, network stack of a running interpreter. */
const RUNTIME_VARS = 300;

/**
 * JsVars that Espruino would need for what the engine holds: an estimate, for the two keep their objects differently.
 * @param before the engine with its API and no application
 * @param sourceBytes data that is the script's own text: on a board it stays in flash
 * @param bytesEach data bytes of one JsVar
 */
export function estimateJsVars(now: HeapCounts, before: HeapCounts, sourceBytes: number, bytesEach: number): number {
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
      // What is neither object nor function is data: QuickJS has no count of the bytes of typed arrays and texts.
      Math.max(0, dataBytes(now) - dataBytes(before) - sourceBytes) / bytesEach,
  );
}

/** Bytes of a heap that belong to no object, function or name. */
export function dataBytes(heap: HeapCounts): number {
  const structure =
    heap.atom_size + heap.str_size + heap.obj_size + heap.prop_size + heap.shape_size + heap.js_func_size;
  return heap.memory_used_size - structure - heap.fast_array_elements * ELEMENT_BYTES;
}
