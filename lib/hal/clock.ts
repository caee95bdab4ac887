/** Names a running timer. */
export type TimerId = number;

/** Time within one epoch: an unbroken run of the device's clock. */
export interface Clock {
  /** Milliseconds since this epoch began. Never goes back, and knows nothing of calendars. */
  nowMs(): number;
  /** Calls `run` once, `delayMs` from now at the earliest; as soon as possible where that is not above 0. */
  after(delayMs: number, run: () => void): TimerId;
  /** Stops a timer; one that has run, or 0, is ignored. */
  cancel(timer: TimerId): void;
}

/** The clock of a device that may sleep. */
export interface EpochClock extends Clock {
  /** The epoch of before a sleep goes on: it is `epochMs` old now. To be called before anything looks at the clock. */
  continueAt(epochMs: number): void;
}
