import type { EpochClock } from "./clock.js";
import type { Digest } from "./digest.js";
import type { SlotStore } from "./file-store.js";
import type { FlashRange, FlashRegion } from "./flash-region.js";
import type { NativePrimitives } from "./native-primitives.js";
import type { Power } from "./power.js";
import type { Radio } from "./radio.js";
import type { ReadingSource } from "./reading-source.js";
import type { Transport } from "./transport.js";
import type { Watchdog } from "./watchdog.js";

/** Everything an application may use of the engine and board it runs on. Absent members are absent on the board. */
export interface Platform {
  readonly clock: EpochClock;
  readonly files: SlotStore;
  readonly transport: Transport;
  readonly power: Power;
  readonly watchdog: Watchdog;
  readonly readings: ReadingSource;
  readonly digest: Digest | undefined;
  readonly native?: NativePrimitives;
  /** Flash that neither the firmware nor its Storage uses (boards/, free regions). */
  flash(pages: FlashRange): FlashRegion;
  /** The radio, for a network and its password; undefined where there is none to switch. */
  radio(network: string, password: string): Radio | undefined;
  /** Bytes of memory that can still be allocated, or 0 where unknown. */
  freeMemory(): number;
  /** Unix seconds by the engine's calendar (SNTP), which nobody vouches for: 0 where it has none. */
  wallClockSec(): number;
  /** Calls `run` with the text of an exception that nothing caught. */
  onCrash(run: (text: string) => void): void;
  /** Tells whoever watches a counter or state has changed ("sample", "waiting"); does nothing in the field. */
  observe(name: string, value: number): void;
  /** What a supervisor has left for the application; undefined where there was none. */
  handedOn(): unknown;
  /** The value of the script in a file; undefined where there is no such file. Throws what the script throws. */
  evaluate(file: string): unknown;
  /** A line on the console. */
  log(line: string): void;
}
