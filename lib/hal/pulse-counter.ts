/** Counts closures of a contact to ground. */
export interface PulseCounter {
  /**
   * Begins counting from zero, with a pull-up on the pin. Throws a DeviceError (PIN_UNUSABLE) where it cannot be watched.
   * @param debounceMs a closure counts once the contact has been still for so long, and so has the opening before it:
   *   at most 1000 / (2 * debounceMs) pulses per second are counted
   */
  open(debounceMs: number): void;
  /** Pulses since `open` or the last call; NaN where the engine has lost some, and how many is unknown. */
  take(): number;
  close(): void;
}
