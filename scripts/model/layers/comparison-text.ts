import { textTable } from "../../fleet/show/text-table.js";
import { shortName } from "../short-name.js";
import type { LayerComparison } from "./compare-layers.js";
import type { Layer } from "./layer.js";
import type { LayerRun } from "./layer-run.js";
import type { ComparedLayers } from "./same-structure.js";

/** A comparison of two runs as data, for programs. */
export function comparisonJson(a: LayerRun, b: LayerRun, layers: ComparedLayers, comparison: LayerComparison): object {
  const side = ({ engine, backend, rounding }: LayerRun): object => ({ engine, backend, rounding });
  const { first, differences, records } = comparison;
  return {
    a: side(a),
    b: side(b),
    records,
    outputOnly: layers.outputOnly,
    equal: first === undefined,
    first: first && { ...first, node: layers.a[first.layer]!.node, operator: layers.a[first.layer]!.operator },
    layers: differences.map((difference, i) => ({ ...layers.a[i]!, ...difference })),
  };
}

/** The same for people: where they part first, then the layers. */
export function comparisonText(a: LayerRun, b: LayerRun, layers: ComparedLayers, comparison: LayerComparison): string {
  const { first, differences, records } = comparison;
  const side = ({ engine, backend, rounding }: LayerRun): string => `${engine}, ${backend}, ${rounding}`;
  const elements = differences.reduce((sum, layer) => sum + layer.elements, 0);
  const what = layers.outputOnly
    ? "the outputs (one of them does not show its layers)"
    : `${differences.length} layers`;
  const head = [`A: ${side(a)}`, `B: ${side(b)}`];
  if (first === undefined) {
    return [...head, `equal: ${elements} elements of ${what} in ${count(records, "record")}`].join("\n");
  }
  const { layer, index, record, storedA, storedB, realA, realB } = first;
  const rows = differences.map(({ differing, elements: all, records: found, greatestStored, greatestReal }, i) => [
    layers.a[i]!.node,
    layers.a[i]!.operator,
    all,
    differing,
    found,
    real(greatestStored),
    real(greatestReal),
  ]);
  return [
    ...head,
    `they part first in ${describe(layers.a[layer]!)}, record ${record}, element [${index.join(", ")}]:`,
    `  A ${real(storedA)} (${real(realA)}), B ${real(storedB)} (${real(realB)})`,
    textTable(["#", "operator", "elements", "differ", "records", "greatest", "as numbers"], rows),
    `${count(records, "record")} compared in ${what}`,
  ].join("\n");
}

function describe({ node, operator, name }: Layer): string {
  return operator === "output" ? "the output" : `operator ${node}, ${operator} (${shortName(name)})`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function real(value: number): string {
  return String(Number(value.toPrecision(6)));
}
