/** Decides whether a value is worth a record. Policies keep the state they need: one instance per output. */
export interface ReportPolicy {
  /** True where the value should be reported now. */
  due(value: number, nowMs: number): boolean;
  /** A record was made of this value, for whichever reason. */
  reported(value: number, nowMs: number): void;
}

/** Every value. */
export class Always implements ReportPolicy {
  due(): boolean {
    return true;
  }

  reported(): void {}
}

/** Values that differ from the last reported one by `delta` or more. The first is always due. */
export class OnChange implements ReportPolicy {
  private _last = NaN;

  constructor(private readonly _delta: number) {}

  due(value: number): boolean {
    return !(Math.abs(value - this._last) < this._delta);
  }

  reported(value: number): void {
    this._last = value;
  }
}

/** Crossings of a level. It counts as crossed back only `hysteresis` below, so noise at the level is one report. */
export class Threshold implements ReportPolicy {
  private _above = false;

  constructor(
    private readonly _level: number,
    private readonly _hysteresis: number,
  ) {}

  due(value: number): boolean {
    return this.above(value) !== this._above;
  }

  reported(value: number): void {
    this._above = this.above(value);
  }

  /** Which side a value is on, given the side last reported. */
  above(value: number): boolean {
    return value >= (this._above ? this._level - this._hysteresis : this._level);
  }
}

/** At least one value in every period, so that silence means trouble. */
export class Heartbeat implements ReportPolicy {
  private _lastMs = -Infinity;

  constructor(private readonly _periodMs: number) {}

  due(_value: number, nowMs: number): boolean {
    return nowMs - this._lastMs >= this._periodMs;
  }

  reported(_value: number, nowMs: number): void {
    this._lastMs = nowMs;
  }
}

/** What any of several policies finds due. */
export class AnyOf implements ReportPolicy {
  constructor(private readonly _policies: readonly ReportPolicy[]) {}

  due(value: number, nowMs: number): boolean {
    for (let i = 0; i < this._policies.length; i++) if (this._policies[i]!.due(value, nowMs)) return true;
    return false;
  }

  reported(value: number, nowMs: number): void {
    for (let i = 0; i < this._policies.length; i++) this._policies[i]!.reported(value, nowMs);
  }
}

/** Another policy, but never twice within an interval. */
export class MinimumInterval implements ReportPolicy {
  private _lastMs = -Infinity;

  constructor(
    private readonly _intervalMs: number,
    private readonly _policy: ReportPolicy,
  ) {}

  due(value: number, nowMs: number): boolean {
    return nowMs - this._lastMs >= this._intervalMs && this._policy.due(value, nowMs);
  }

  reported(value: number, nowMs: number): void {
    this._lastMs = nowMs;
    this._policy.reported(value, nowMs);
  }
}
