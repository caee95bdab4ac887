import type { Fault, World } from "./fault.js";

/** The world is looked at so often. */
const STEP_MS = 60_000;

/** Closures that follow one another evenly. */
export interface Closures {
  readonly count: number;
  /** The first of them. */
  readonly atMs: number;
  readonly periodMs: number;
}

/** How a contact behaves. */
export interface ContactOptions {
  /** Channel that drives it, and closures per second for one unit of it. */
  readonly channel: string;
  readonly hzPerUnit: number;
  /** A closure lasts so long, or half a period where that is shorter. */
  readonly closedMs: number;
  /** Extra closures at the beginning of each, and the time between them. */
  readonly bounces?: number;
  readonly bounceMs?: number;
}

/** A reed contact in a rain gauge or an anemometer. */
export class ContactModel {
  fault: Fault = "none";
  readonly closedMs: number;
  readonly bounces: number;
  readonly bounceMs: number;

  private _atMs = 0;
  /** Part of a closure that is due, 0 to 1. */
  private _phase = 0;

  constructor(
    private readonly _world: World,
    private readonly _options: ContactOptions,
  ) {
    this.closedMs = _options.closedMs;
    this.bounces = _options.bounces || 0;
    this.bounceMs = _options.bounceMs || 0;
  }

  /** What happened since the last call. A cut cable closes nothing, a short is one closure that does not end. */
  closures(nowMs: number): Closures[] {
    const found: Closures[] = [];
    while (this._atMs < nowMs) {
      const untilMs = Math.min(nowMs, (Math.floor(this._atMs / STEP_MS) + 1) * STEP_MS);
      this._step(untilMs, found);
    }
    return found;
  }

  private _step(untilMs: number, found: Closures[]): void {
    const { channel, hzPerUnit } = this._options;
    const atMs = this._atMs;
    const value = this._world.read(channel, atMs);
    const periodMs = 1000 / (value * hzPerUnit);
    this._atMs = untilMs;
    if (!(value > 0)) return;
    const phase = this._phase + (untilMs - atMs) / periodMs;
    const count = Math.floor(phase);
    if (count > 0 && this.fault === "none") found.push({ count, atMs: atMs + (1 - this._phase) * periodMs, periodMs });
    this._phase = phase - count;
  }
}
