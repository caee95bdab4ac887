import type { Clock } from "../hal/clock.js";
import type { SlotStore } from "../hal/file-store.js";
import { UpdateAgent } from "../update/agent.js";
import { type AgentHooks, type LentHost } from "../update/agent-link.js";
import type { Proof } from "../update/proof.js";

/** Makes an agent with what the keeper lends it. */
export function startAgent(files: SlotStore, clock: Clock, proof: Proof, lent: LentHost): AgentHooks {
  const agent = new UpdateAgent({ files, clock, proof, lent });
  // Not before the keeper has what is returned: the agent may be done at once.
  clock.after(0, () => agent.start());
  return [
    (bytes, start, end) => agent.heard(bytes, start, end),
    () => agent.connected(),
    () => agent.stop(),
    () => agent.closed(),
  ];
}
