import { openModelPack } from "../../lib/nn/model-pack.js";
import { viewOf } from "../../lib/nn/view.js";
import { PackHeader } from "../../lib/nn/pack-format.js";
import { packRefused } from "../errors/model.js";
import { kernels } from "./kernels.js";

/**
 * Names of the operators that a pack uses.
 * @throws DeviceError where the pack is damaged; SertaoError MODEL_PACK_REFUSED where it names an unknown operator
 */
export function packKernels(pack: Uint8Array): string[] {
  const reader = openModelPack(new Uint8Array(pack).buffer);
  const at = reader.field(PackHeader.OPERATORS);
  const words = reader.field(PackHeader.OPERATOR_WORDS);
  const list = viewOf(reader.pieces, Int32Array, 4, at, words);
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const names = new Set<string>();
  let word = 0;
  for (let i = reader.field(PackHeader.OPERATOR_COUNT); i > 0; i--) {
    if (word >= words) throw packRefused("its operator list is too short");
    const head = view.getUint32(word * 4, true);
    const name = Object.keys(kernels).find((candidate) => kernels[candidate]!.code === (head & 255));
    if (name === undefined) throw packRefused(`it uses operator ${head & 255}, which this release does not have`);
    names.add(name);
    word += 1 + (head >>> 8);
  }
  return [...names];
}
