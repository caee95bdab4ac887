/** What a device is doing, as far as its current depends on it. */
export type DutyState = "off" | "sleep" | "boot" | "sense" | "infer" | "awake" | "radio";

/** All states, in the order of reports. */
export const DUTY_STATES: readonly DutyState[] = ["sleep", "boot", "sense", "infer", "awake", "radio", "off"];

const DAY_MS = 86_400_000;

/** Adds up how long a device is in each state, by day. Whatever time passes belongs to exactly one state. */
export class DutyMeter {
  #state: DutyState = "off";
  #sinceMs = 0;
  readonly #days: Map<DutyState, number>[] = [];

  /** The device is in another state from a time on; a time before the last change counts as that. */
  enter(state: DutyState, atMs: number): void {
    const untilMs = Math.max(this.#sinceMs, atMs);
    while (this.#sinceMs < untilMs) {
      const day = Math.floor(this.#sinceMs / DAY_MS);
      const endMs = Math.min(untilMs, (day + 1) * DAY_MS);
      while (this.#days.length <= day) this.#days.push(new Map());
      const ofDay = this.#days[day]!;
      ofDay.set(this.#state, (ofDay.get(this.#state) ?? 0) + endMs - this.#sinceMs);
      this.#sinceMs = endMs;
    }
    this.#state = state;
  }

  /** Counts up to a time. */
  close(atMs: number): void {
    this.enter(this.#state, atMs);
  }

  /** Milliseconds in each state since time 0. */
  total(): Record<DutyState, number> {
    return addStates(this.days);
  }

  /** The same for each day. */
  get days(): readonly Record<DutyState, number>[] {
    return this.#days.map((day) => ({ ...zero(), ...Object.fromEntries(day) }));
  }
}

function zero(): Record<DutyState, number> {
  return { off: 0, sleep: 0, boot: 0, sense: 0, infer: 0, awake: 0, radio: 0 };
}

/** Adds up the days of several devices. */
export function addDays(devices: readonly (readonly Record<DutyState, number>[])[]): Record<DutyState, number>[] {
  const length = Math.max(0, ...devices.map((days) => days.length));
  return Array.from({ length }, (_, day) => addStates(devices.flatMap((days) => days[day] ?? [])));
}

/** Adds up milliseconds by state. */
export function addStates(parts: readonly Record<DutyState, number>[]): Record<DutyState, number> {
  const sums = zero();
  for (const part of parts) for (const state of DUTY_STATES) sums[state] += part[state];
  return sums;
}
