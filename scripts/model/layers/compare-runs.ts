import { LayerComparison } from "./compare-layers.js";
import type { LayerRun } from "./layer-run.js";
import type { ComparedLayers } from "./same-structure.js";

/** Records run at one time: engines start anew for each of these, and their outputs are kept for no longer. */
const RECORDS_PER_RUN = 16;

/**
 * Runs the same records both ways and compares every layer.
 * @param inputs raw input tensors, one after another
 * @param progress called with the records compared so far
 */
export async function compareRuns(
  a: LayerRun,
  b: LayerRun,
  layers: ComparedLayers,
  inputs: Uint8Array,
  progress: (records: number) => void,
): Promise<LayerComparison> {
  const comparison = new LayerComparison(layers.a, layers.b);
  const step = RECORDS_PER_RUN * a.inputBytes;
  for (let at = 0; at < inputs.length; at += step) {
    const some = inputs.subarray(at, at + step);
    const [outputsA, outputsB] = [await a.run(some), await b.run(some)];
    outputsA.forEach((record, k) => {
      comparison.add(record.slice(-layers.a.length), outputsB[k]!.slice(-layers.b.length));
    });
    progress(comparison.records);
  }
  return comparison;
}
