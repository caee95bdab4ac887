import { modelsDiffer } from "../../errors/model.js";
import type { Layer } from "./layer.js";
import type { LayerRun } from "./layer-run.js";

/** The layers in which two runs can be compared. */
export interface ComparedLayers {
  readonly a: readonly Layer[];
  readonly b: readonly Layer[];
  /** True where one of them shows its output alone. */
  readonly outputOnly: boolean;
}

/**
 * Pairs the layers of two models of one structure: the same operators with outputs of the same shapes and types.
 * @throws SertaoError MODEL_STRUCTURES_DIFFER
 */
export function sameStructure(a: LayerRun, b: LayerRun): ComparedLayers {
  if (a.inputBytes !== b.inputBytes) {
    throw modelsDiffer(`the inputs have ${a.inputBytes} and ${b.inputBytes} bytes`);
  }
  const outputOnly = a.showsOutputOnly || b.showsOutputOnly;
  const [layersA, layersB] = outputOnly ? [a.layers.slice(-1), b.layers.slice(-1)] : [a.layers, b.layers];
  layersA.forEach((layer, i) => {
    const other = layersB[i];
    if (other === undefined) throw modelsDiffer(`${describe(layer)} is in the first alone`);
    if (!outputOnly && layer.operator !== other.operator) {
      throw modelsDiffer(`operator ${layer.node} is ${layer.operator} and ${other.operator}`);
    }
    // A pack does not tell how its output is arranged.
    const shapes = [layer, other].map(({ shape }) => (outputOnly ? size(shape) : shape.join("×")));
    if (shapes[0] !== shapes[1] || layer.type !== other.type) {
      throw modelsDiffer(`${describe(layer)} gives ${layer.type}[${shapes[0]}] and ${other.type}[${shapes[1]}]`);
    }
  });
  const extra = layersB[layersA.length];
  if (extra !== undefined) throw modelsDiffer(`${describe(extra)} is in the second alone`);
  return { a: layersA, b: layersB, outputOnly };
}

function describe({ node, operator }: Layer): string {
  return operator === "output" ? "the output" : `operator ${node}, ${operator},`;
}

function size(shape: readonly number[]): string {
  return String(shape.reduce((product, length) => product * length, 1));
}
