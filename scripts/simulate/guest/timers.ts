import type { GuestPart } from "./guest.js";

/** setTimeout and its kin, getTime, setTime, and a Date that knows virtual time only. */
export const timersPart: GuestPart = (root, host, kit) => {
  interface Timer {
    dueSec: number;
    intervalSec: number;
    repeat: boolean;
    run: () => void;
  }
  const MIN_INTERVAL_SEC = 0.0001;
  const timers = new Map<number, Timer>();
  let lastId = 0;
  let setBySec = 0;

  const seconds = (delayMs: unknown): number => {
    const value = Number(delayMs) / 1000;
    return value > MIN_INTERVAL_SEC ? value : MIN_INTERVAL_SEC;
  };
  const arm = (): void => {
    let next = Infinity;
    for (const timer of timers.values()) next = Math.min(next, timer.dueSec);
    host.wake(next);
  };
  const start = (code: unknown, delayMs: unknown, repeat: boolean, values: unknown[]): number => {
    const run =
      typeof code === "function"
        ? () => (code as (...values: unknown[]) => void).apply(root, values)
        : () => (0, eval)(String(code));
    const intervalSec = seconds(delayMs);
    timers.set(++lastId, { dueSec: host.time() + intervalSec, intervalSec, repeat, run });
    arm();
    return lastId;
  };
  const stop =
    (name: string) =>
    (...ids: unknown[]): void => {
      if (ids.length === 0) timers.clear();
      else if (ids[0] === undefined) throw new Error(`${name}(undefined) not allowed. Use ${name}() instead`);
      else timers.delete(Number(ids[0]));
      arm();
    };

  root["setTimeout"] = (code: unknown, delayMs: unknown, ...values: unknown[]) => start(code, delayMs, false, values);
  root["setInterval"] = (code: unknown, delayMs: unknown, ...values: unknown[]) => start(code, delayMs, true, values);
  root["clearTimeout"] = stop("clearTimeout");
  root["clearInterval"] = stop("clearInterval");
  root["changeInterval"] = (id: unknown, delayMs: unknown) => {
    const timer = timers.get(Number(id));
    if (timer === undefined) throw new Error("Unknown Interval");
    timer.intervalSec = seconds(delayMs);
    timer.dueSec = host.time() + timer.intervalSec;
    arm();
  };
  root["getTime"] = () => host.time() + setBySec;
  root["setTime"] = (sec: unknown) => {
    setBySec = Number(sec) - host.time();
  };

  kit.entries["tick"] = () => {
    const nowSec = host.time();
    // Half a microsecond: seconds and milliseconds do not round to each other.
    const due = [...timers].filter(([, timer]) => timer.dueSec <= nowSec + 5e-7);
    due.sort(([a, first], [b, second]) => first.dueSec - second.dueSec || a - b);
    for (const [id, timer] of due) {
      if (timers.get(id) !== timer) continue;
      if (timer.repeat) timer.dueSec += timer.intervalSec;
      else timers.delete(id);
      kit.guard(timer.run);
    }
    arm();
  };

  const RealDate = Date;
  const nowMs = (): number => (host.time() + setBySec) * 1000;
  const VirtualDate = function (this: unknown, ...values: []): Date | string {
    const date = values.length === 0 ? new RealDate(nowMs()) : new RealDate(...values);
    return new.target === undefined ? date.toString() : date;
  };
  VirtualDate.prototype = RealDate.prototype;
  Object.assign(VirtualDate, { now: nowMs, parse: RealDate.parse.bind(RealDate), UTC: RealDate.UTC.bind(RealDate) });
  root["Date"] = VirtualDate;
};
