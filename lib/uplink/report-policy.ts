/** What makes a value worth a record. Each field that is given is one reason; any of them is enough. */
export interface ReportRule {
  /** Every value. */
  readonly always?: boolean;
  /** A value that differs from the last reported one by this or more. The first value always does. */
  readonly change?: number;
  /** So long since the last report, in ms: then silence means trouble. */
  readonly heartbeatMs?: number;
  /** A crossing of this level, either way. While the value is above, its records are alarms: they go first. */
  readonly alarmAbove?: number;
  /** The value has to fall this far below `alarmAbove` to count as crossed back, so noise at the level is one report. */
  readonly hysteresis?: number;
  /** Nothing is reported within this time after a report, in ms, but a crossing of `alarmAbove`. */
  readonly minIntervalMs?: number;
}

/** Follows one output of the model: which of its values are reported, and which of those are alarms. */
export class ReportPolicy {
  /** The value reported last; NaN before the first. */
  _last = NaN;
  _lastMs = -Infinity;
  _above = false;

  constructor(private readonly _rule: ReportRule) {}

  /** True where the value should be reported now. */
  due(value: number, nowMs: number): boolean {
    const rule = this._rule;
    const silentMs = nowMs - this._lastMs;
    if (this.above(value) !== this._above) return true;
    // A comparison with what is not given is false.
    if (silentMs < rule.minIntervalMs!) return false;
    const moved = Math.abs(value - this._last) >= rule.change! || this._last !== this._last;
    return rule.always === true || moved || silentMs >= rule.heartbeatMs!;
  }

  /** A record was made of this value. */
  reported(value: number, nowMs: number): void {
    this._last = value;
    this._lastMs = nowMs;
    this._above = this.above(value);
  }

  /** True where the value is on the alarm side, given the side last reported. */
  above(value: number): boolean {
    const rule = this._rule;
    return value >= rule.alarmAbove! - (this._above ? rule.hysteresis || 0 : 0);
  }
}
