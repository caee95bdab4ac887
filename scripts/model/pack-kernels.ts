import { openModelPack } from "../../lib/nn/model-pack.js";
import { packOperators } from "./pack-operators.js";

/**
 * Names of the operators that a pack uses.
 * @throws DeviceError where the pack is damaged; SertaoError MODEL_PACK_REFUSED where it names an unknown operator
 */
export function packKernels(pack: Uint8Array): string[] {
  const reader = openModelPack(new Uint8Array(pack).buffer);
  return [...new Set(packOperators(reader).map(({ kernel }) => kernel))];
}
