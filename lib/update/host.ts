import type { Clock } from "../hal/clock.js";
import type { SlotStore } from "../hal/file-store.js";
import type { LentHost } from "./agent-link.js";
import type { Proof } from "./proof.js";

/** What an agent works with. */
export interface UpdateHost {
  readonly files: SlotStore;
  readonly clock: Clock;
  readonly proof: Proof;
  readonly lent: LentHost;
}
