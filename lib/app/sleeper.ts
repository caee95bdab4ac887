import type { Platform } from "../hal/platform.js";
import type { SampleWindow } from "../sensing/sample-window.js";
import type { Sampler } from "../sensing/sampler.js";
import type { ReportPolicy } from "../uplink/report-policy.js";
import type { TimeSync } from "../uplink/time-sync.js";
import type { Uplink } from "../uplink/uplink.js";
import type { ConnectionSchedule } from "./connection-schedule.js";
import type { AppDefinition } from "./define-app.js";
import type { DeviceMemory } from "./memory.js";

/** The parts of an application that must not notice that the device slept. */
export interface SleepingParts {
  readonly sampler: Sampler;
  readonly window: SampleWindow;
  readonly policies: readonly ReportPolicy[];
  readonly schedule: ConnectionSchedule;
  readonly uplink: Uplink;
  readonly time: TimeSync | undefined;
}

/** Sleep between samples, for an application that asks for it. */
export interface Sleeper {
  /** Names the run of the clock: goes on over timer wakes. */
  readonly epoch: number;
  /** The clock of this epoch is off by at most so many parts per million of the epoch's age. */
  readonly clockPpm: number;
  /** Samples taken before this boot. */
  readonly takenBefore: number;
  /**
   * Does all that this wake is for, and sleeps again, where that is a sample without an inference, or nothing.
   * @returns false where the whole application is needed
   */
  sampleOnly(): boolean;
  /** Gives the parts their state of before the sleep, and starts them. */
  begin(parts: SleepingParts): void;
  /** Sleeps where nothing is under way; looks again by itself while something is. */
  look(): void;
}

/**
 * `deepSleep` of `sertao:sleep`.
 * @throws DeviceError SLEEP_IMPOSSIBLE
 */
export type OpenSleep = (platform: Platform, app: AppDefinition, memory: DeviceMemory) => Sleeper;
