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
  resetReason(): ResetReason;
  /** Sleeps for at most `durationMs` with everything off; does not return where the hardware restarts on waking. */
  deepSleep(durationMs: number): void;
  restart(): void;
  /** Supply in millivolts, or 0 where it cannot be measured. */
  supplyMillivolts(): number;
}
