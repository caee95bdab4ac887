/** Restarts a device that hangs. */
export interface Watchdog {
  /** Starts, or widens before a call that blocks. */
  enable(timeoutSec: number): void;
  feed(): void;
}
