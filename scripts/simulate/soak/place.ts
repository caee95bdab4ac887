import type { Store } from "../../fleet/store/store.js";
import type { Pace } from "../clock/pace.js";
import type { BrokerSide } from "../simulation.js";

/** Where a soak's devices send to: a broker, a collector and its store. */
export interface Place {
  readonly broker: BrokerSide;
  readonly pace: Pace;
  /** True where devices wait for the collector's `ack`; false where PUBACK says the same. */
  readonly acksFromCollector: boolean;
  /** False where the broker may lose what it has acknowledged: its devices send it again, after later results. */
  readonly keepsOrder: boolean;
  /** True where the collector's clock is the virtual one. */
  readonly isTimed: boolean;
  /** Processes killed so far. */
  readonly kills: number;
  /** The run begins; `now` is its time in milliseconds since 1970. */
  started(now: () => number): void;
  /** Told now and then how many results devices know to be safe. */
  delivered(results: number): void;
  /** The run is over. Resolves with what is stored when nothing is on its way there any more. */
  finished(): Promise<Store>;
  /** Ends what was started for the soak. */
  close(): Promise<void>;
}
