/** What a battery is taken to be. */
export interface Battery {
  readonly milliampHours: number;
  /** Part of what is left that it loses by itself in a month. */
  readonly selfDischargePerMonth: number;
}

/** A common lithium-ion cell (18650). */
export const DEFAULT_BATTERY_MAH = 2600;
/** Lithium-ion cells lose 1 to 3 % in a month, without a protection circuit's own current. */
export const SELF_DISCHARGE_PER_MONTH = 0.02;

const DAYS_PER_MONTH = 30.4;

/**
 * Days until a battery is empty under a steady load, with what it loses by itself: of a charge q, dq/dt = -(load + s q),
 * so the time is ln(1 + s q / load) / s.
 */
export function batteryDays({ milliampHours, selfDischargePerMonth }: Battery, averageMilliamps: number): number {
  const loadPerDay = averageMilliamps * 24;
  const lossPerDay = selfDischargePerMonth / DAYS_PER_MONTH;
  if (lossPerDay === 0) return milliampHours / loadPerDay;
  return Math.log1p((lossPerDay * milliampHours) / loadPerDay) / lossPerDay;
}

/** How long a device runs, and by which assumptions. */
export interface BatteryEstimate extends Battery {
  readonly averageMilliamps: number;
  readonly days: number;
}

/** The life of a device's battery under the mean load of a run. */
export function estimateBattery(milliampHours: number, averageMilliamps: number): BatteryEstimate {
  const battery = { milliampHours, selfDischargePerMonth: SELF_DISCHARGE_PER_MONTH };
  return { ...battery, averageMilliamps, days: batteryDays(battery, averageMilliamps) };
}
