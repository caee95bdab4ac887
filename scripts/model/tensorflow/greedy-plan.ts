/** Memory that is in use from one operator to another, both counted. */
export interface PlannedBuffer {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Bytes that TensorFlow Lite Micro's planner takes for these buffers: the largest first, each into the lowest gap.
 * Source: tensorflow/lite/micro/memory_planner/greedy_memory_planner.cc, as in Espruino 2v29.
 */
export function greedyPlanBytes(buffers: readonly PlannedBuffer[]): number {
  // Of equal sizes the last comes first: the list is filled from its end, and the sort is stable.
  const order = [...buffers].reverse().sort((a, b) => b.bytes - a.bytes);
  const placed: { readonly offset: number; readonly buffer: PlannedBuffer }[] = [];
  for (const buffer of order) {
    let offset = 0;
    for (const other of placed) {
      if (other.buffer.first > buffer.last || buffer.first > other.buffer.last) continue;
      if (other.offset - offset >= buffer.bytes) break;
      offset = Math.max(offset, other.offset + other.buffer.bytes);
    }
    const behind = placed.findIndex((other) => other.offset > offset);
    placed.splice(behind < 0 ? placed.length : behind, 0, { offset, buffer });
  }
  return placed.reduce((most, { offset, buffer }) => Math.max(most, offset + buffer.bytes), 0);
}
