import { PackHeader } from "../../lib/nn/pack-format.js";
import { viewOf } from "../../lib/nn/view.js";
import type { ModelPack } from "../../lib/nn/model-pack.js";
import { packRefused } from "../errors/model.js";
import { kernels } from "./kernels.js";

/** One operator of a pack as it is stored. */
export interface PackOperator {
  readonly kernel: string;
  readonly code: number;
  /** Numbers, offsets in arena and scratch, positions in the pack: which is which, its file in lib/nn says. */
  readonly parameters: readonly number[];
}

/** The operators of a pack, in order. Throws SertaoError MODEL_PACK_REFUSED where the list is damaged. */
export function packOperators(pack: ModelPack): PackOperator[] {
  const at = pack.field(PackHeader.OPERATORS);
  const words = pack.field(PackHeader.OPERATOR_WORDS);
  const list = viewOf(pack.pieces, Int32Array, 4, at, words);
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const operators: PackOperator[] = [];
  let word = 0;
  for (let i = pack.field(PackHeader.OPERATOR_COUNT); i > 0; i--) {
    if (word >= words) throw packRefused("its operator list is too short");
    const head = view.getUint32(word * 4, true);
    const count = head >>> 8;
    if (word + 1 + count > words) throw packRefused("its operator list is too short");
    const first = word + 1;
    const parameters = Array.from({ length: count }, (_, k) => view.getInt32((first + k) * 4, true));
    operators.push({ kernel: kernelName(head & 255), code: head & 255, parameters });
    word += 1 + count;
  }
  return operators;
}

function kernelName(code: number): string {
  const name = Object.keys(kernels).find((candidate) => kernels[candidate]!.code === code);
  if (name === undefined) throw packRefused(`it uses operator ${code}, which this release does not have`);
  return name;
}
