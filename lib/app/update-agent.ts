import type { Clock } from "../hal/clock.js";
import type { SlotStore } from "../hal/file-store.js";
import { PackFormat, PackHeader } from "../nn/pack-format.js";
import { UpdateAgent } from "../update/agent.js";
import { type AgentHooks, type LentHost } from "../update/agent-link.js";
import type { ModelTraits } from "../update/host.js";
import type { Proof } from "../update/proof.js";

/** Makes an agent with what the keeper lends it. */
export function startAgent(files: SlotStore, clock: Clock, proof: Proof, lent: LentHost): AgentHooks {
  const agent = new UpdateAgent({ files, clock, proof, lent, modelIn: (file) => modelTraits(files, file) });
  // Not before the keeper has what is returned: the agent may be done at once.
  clock.after(0, () => agent.start());
  return [(bytes, start, end) => agent.heard(bytes, start, end), () => agent.connected(), () => agent.stop()];
}

function modelTraits(files: SlotStore, name: string): ModelTraits {
  const pieces = files.pieces(name, PackFormat.SEGMENT_BYTES, 0);
  const front = pieces[0] || new ArrayBuffer(PackFormat.FIXED_HEADER_BYTES);
  const header = new Int32Array(front, 0, PackFormat.FIXED_HEADER_BYTES / 4);
  const field = (at: PackHeader): number => (header[0] === PackFormat.MAGIC ? header[at / 4]! : 0);
  const list = field(PackHeader.OPERATORS);
  const operators = new Uint8Array(field(PackHeader.OPERATOR_COUNT));
  // Its CRC was right when the device booted with it.
  const words = new Int32Array(pieces[list >>> 16] || front, list & 65535, field(PackHeader.OPERATOR_WORDS));
  let at = 0;
  for (let i = 0; i < operators.length; i++) {
    operators[i] = words[at]!;
    at += 1 + (words[at]! >>> 8);
  }
  return {
    arenaBytes: field(PackHeader.ARENA_BYTES) + field(PackHeader.SCRATCH_BYTES),
    operators,
    inputBytes: field(PackHeader.INPUT_BYTES),
    outputBytes: field(PackHeader.OUTPUT_BYTES),
  };
}
