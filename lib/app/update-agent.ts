import { readU32 } from "../core/bytes.js";
import type { Clock } from "../hal/clock.js";
import type { SlotStore } from "../hal/file-store.js";
import { PackFormat, PackHeader } from "../nn/pack-format.js";
import { viewOf } from "../nn/view.js";
import { UpdateAgent } from "../update/agent.js";
import { AGENT_LINK_VERSION, Lent, type AgentHooks, type LentHost } from "../update/agent-link.js";
import type { DeviceTraits } from "../update/host.js";
import type { Proof } from "../update/proof.js";

/** Makes an agent with what the application lends it; undefined where that is of another version. */
export function startAgent(files: SlotStore, clock: Clock, proof: Proof, lent: LentHost): AgentHooks | undefined {
  if (lent[Lent.VERSION] !== AGENT_LINK_VERSION) return undefined;
  const agent = new UpdateAgent(
    {
      clock,
      files,
      settings: { get: lent[Lent.GET_SETTING], set: lent[Lent.SET_SETTING] },
      slots: {
        spareFile: lent[Lent.SPARE_FILE],
        waiting: lent[Lent.WAITING],
        withdraw: lent[Lent.WITHDRAW],
        stage: lent[Lent.STAGE],
        accept: lent[Lent.ACCEPT],
      },
      traits: traitsOf(files, lent),
      request: lent[Lent.REQUEST],
      report: lent[Lent.REPORT],
      close: lent[Lent.CLOSE],
    },
    proof,
    lent[Lent.OFFER],
  );
  // Not before the application has what is returned: the agent may be done at once.
  clock.after(0, () => agent.start());
  return [(bytes, start, end) => agent.heard(bytes, start, end), () => agent.connected(), () => agent.stop()];
}

function traitsOf(files: SlotStore, lent: LentHost): DeviceTraits {
  const file = lent[Lent.MODEL_FILE] ? files.pieces(lent[Lent.MODEL_FILE], PackFormat.SEGMENT_BYTES) : [];
  const field = (at: PackHeader): number => (file.length ? readU32(new Uint8Array(file[0]!, at, 4), 0) : 0);
  const words = field(PackHeader.OPERATOR_WORDS);
  const needed = new Uint8Array(field(PackHeader.OPERATOR_COUNT));
  const list = words ? viewOf(file, Int32Array, 4, field(PackHeader.OPERATORS), words) : [];
  let at = 0;
  for (let i = 0; i < needed.length && at < words; i++) {
    needed[i] = list[at]!;
    at += 1 + (list[at]! >>> 8);
  }
  return {
    application: lent[Lent.APPLICATION],
    board: lent[Lent.BOARD],
    device: lent[Lent.DEVICE],
    runtime: lent[Lent.RUNTIME],
    accepted: lent[Lent.ACCEPTED],
    // Another model takes the place of the one in use.
    arenaBytes: lent[Lent.FREE_BYTES] + field(PackHeader.ARENA_BYTES) + field(PackHeader.SCRATCH_BYTES),
    hasOperators: lent[Lent.OPERATORS],
    needsOperators: needed,
    inputBytes: field(PackHeader.INPUT_BYTES),
    outputBytes: field(PackHeader.OUTPUT_BYTES),
  };
}
