import { parts, type DenseLayer } from "../dense-layer.js";
import type { Node } from "../lowering.js";
import { at, constant, ints, scratch } from "../parameters.js";
import type { Fit } from "../requantize/fit.js";
import type { Requantization } from "../requantize/requantization.js";
import type { TfliteTensor } from "../tflite/tflite-model.js";
import { allFitted, clampTable } from "./native-requantizer.js";

/** Emits the native form of a dense layer; false where there is none. */
export function emitNativeDense(
  node: Node,
  input: TfliteTensor,
  output: TfliteTensor,
  layer: DenseLayer,
  requantization: Requantization,
): boolean {
  if (node.lowering.options.backend !== "espruino" || !allFitted(requantization)) return false;
  const { channels, perChannel } = requantization;
  const split = channels.some(({ fit }) => fit!.positive !== fit!.negative);
  const source = node.lowering.value(input);
  const target = node.lowering.value(output);
  for (const { from, to } of parts(node, layer)) {
    const units = Array.from({ length: to - from }, (_, i) => from + i);
    const fit = (unit: number): Fit => channels[perChannel ? unit : 0]!.fit!;
    const factors = perChannel ? units.map((unit) => fit(unit).m) : [fit(0).m];
    node.emit({
      kernel: "FULLY_CONNECTED_NATIVE",
      reads: [source],
      writes: [target],
      parameters: [
        ...ints(layer.depth, units.length),
        constant(layer.weights.slice(from * layer.depth, to * layer.depth)),
        ...ints(perChannel ? 1 : 0),
        constant(Float64Array.from(factors)),
        constant(Float64Array.from(units, (unit) => layer.bias[unit]! * fit(unit).m + fit(unit).positive)),
        ...(split
          ? [
              ...ints(1),
              constant(Float64Array.from(perChannel ? units : [0], (unit) => fit(unit).negative - fit(unit).positive)),
              constant(Int32Array.from(units, (unit) => -layer.bias[unit]!)),
            ]
          : ints(0)),
        constant(clampTable(requantization)),
        scratch(0),
        at(source),
        at(target, from),
      ],
      scratchBytes: units.length,
      macs: units.length * layer.depth,
      outputs: units.length,
    });
  }
  return true;
}
