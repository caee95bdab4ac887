import type { Node } from "./lowering.js";
import { at, constant, int } from "./parameters.js";
import { int8Quantization, type Quantization } from "./quantization.js";

/**
 * Lowers an operator whose every output depends on one int8 input only: 256 outputs, computed here.
 * @param output what an input becomes; clamped to int8
 */
export function lowerTable(node: Node, output: (value: number, from: Quantization, to: Quantization) => number): void {
  const input = node.input(0);
  const result = node.output();
  const from = int8Quantization(node, input);
  const to = int8Quantization(node, result);
  if (input.elements !== result.elements) node.refuse("its input and output differ in size");
  const table = Int8Array.from({ length: 256 }, (_, byte) => {
    const value = output((byte << 24) >> 24, from, to);
    return Math.max(-128, Math.min(127, value));
  });
  const source = node.lowering.value(input);
  const target = node.lowering.value(result);
  node.emit({
    kernel: "TABLE",
    reads: [source],
    writes: [target],
    inPlace: source,
    parameters: [int(input.elements), at(source), at(target), constant(table)],
    outputs: input.elements,
  });
}
