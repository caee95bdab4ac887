import type { Clock } from "../hal/clock.js";
import type { SlotStore } from "../hal/file-store.js";
import type { LentHost } from "./agent-link.js";
import type { Proof } from "./proof.js";

/** A model, as far as another one or an application must fit it. Zeros and nothing where there is none. */
export interface ModelTraits {
  /** Arena and scratch together. */
  readonly arenaBytes: number;
  readonly operators: Uint8Array;
  readonly inputBytes: number;
  readonly outputBytes: number;
}

/** What an agent works with. */
export interface UpdateHost {
  readonly files: SlotStore;
  readonly clock: Clock;
  readonly proof: Proof;
  readonly lent: LentHost;
  /** Reads the model in a file. */
  modelIn(file: string): ModelTraits;
}
