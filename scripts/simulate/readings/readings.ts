/** Where a device's readings come from. */
export interface Readings {
  /** Value of a channel at a Unix time in milliseconds; undefined where there is none. */
  read(channel: string, timeMs: number): number | undefined;
  /** How long they last, where they end. */
  readonly durationMs?: number;
}
