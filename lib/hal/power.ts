/** Why the device started. */
export const enum ResetReason {
  UNKNOWN = 0,
  POWER_ON = 1,
  BROWN_OUT = 2,
  WATCHDOG = 3,
  SOFTWARE = 4,
  TIMER_WAKE = 5,
  PIN_WAKE = 6,
}

/** Sleep, restart and supply. */
export interface Power {
  /** Longest deep sleep in one step; 0 where the engine has none. */
  readonly maxSleepMs: number;
  resetReason(): ResetReason;
  /** Sleeps for at most `durationMs` with everything off; does not return where the hardware restarts on waking. */
  deepSleep(durationMs: number): void;
  /**
   * Milliseconds by the clock that goes on in deep sleep, or should: from when, nobody says, and it may have been set.
   * Two readings tell what lies between them where that is plausible.
   */
  sleepClockMs(): number;
  restart(): void;
  /** Supply in millivolts, or 0 where it cannot be measured. */
  supplyMillivolts(): number;
  /** Whoever knows where the supply is measured says so; from then on it is. */
  measureSupply(millivolts: () => number): void;
}
