import type { GuestPart } from "./guest.js";

/** Analog inputs, outputs, and watches on contacts. Pins are known by their names. */
export const pinsPart: GuestPart = (root, host, kit, board) => {
  interface Watch {
    run: (event: object) => void;
    pin: string;
    repeat: boolean;
    /** 1 rising, -1 falling, 0 both. */
    edge: number;
    debounceSec: number;
    lastSec: number;
  }
  const EDGES: Record<string, number> = { rising: 1, falling: -1, both: 0, "1": 1, "-1": -1, "0": 0 };
  const watches = new Map<number, Watch>();
  let lastId = 0;

  root["pinMode"] = () => undefined;
  root["analogRead"] = (pin: unknown) => (board.analogPins.includes(String(pin)) ? host.analogRead(String(pin)) : NaN);
  root["digitalWrite"] = (pin: unknown, value: unknown) => host.pinWrite(String(pin), Boolean(value));
  root["setWatch"] = (run: (event: object) => void, pin: unknown, options?: unknown) => {
    const name = String(pin);
    if (!board.watchedPins.includes(name)) {
      host.print("WARNING: Unable to set watch. You may already have a watch on a pin with the same number");
      return undefined;
    }
    const wanted = (typeof options === "object" && options !== null ? options : { repeat: options }) as {
      repeat?: unknown;
      edge?: unknown;
      debounce?: unknown;
    };
    const edge = wanted.edge === undefined ? 0 : EDGES[String(wanted.edge)];
    if (edge === undefined) {
      throw new TypeError("'edge' in setWatch should be 1, -1, 0, 'rising', 'falling' or 'both'");
    }
    const debounceSec = Math.max(0, Number(wanted.debounce) || 0) / 1000;
    watches.set(++lastId, { run, pin: name, repeat: Boolean(wanted.repeat), edge, debounceSec, lastSec: NaN });
    return lastId;
  };
  root["clearWatch"] = (...ids: unknown[]) => {
    if (ids.length === 0) return watches.clear();
    if (ids[0] === undefined) throw new Error("clearWatch(undefined) not allowed. Use clearWatch() instead");
    if (!watches.delete(Number(ids[0]))) throw new Error(`Unknown Watch ${String(ids[0])}`);
  };

  /** Falling and rising edges of `closures` that a watch is told of, in one closure. */
  const edgesTold = (
    watch: Watch,
    periodSec: number,
    closedSec: number,
    bounces: number,
    bounceSec: number,
  ): number => {
    if (watch.debounceSec <= bounceSec) return 1 + bounces;
    // The engine waits until the contact has been still for so long, on either side.
    return closedSec >= watch.debounceSec && periodSec - closedSec >= watch.debounceSec ? 1 : 0;
  };

  kit.entries["closures"] = (
    pin: string,
    count: number,
    atSec: number,
    periodSec: number,
    closedSec: number,
    bounces: number,
    bounceSec: number,
  ) => {
    const heldSec = Math.min(closedSec, periodSec / 2);
    for (const [id, watch] of [...watches]) {
      if (watch.pin !== pin) continue;
      const told = edgesTold(watch, periodSec, heldSec, bounces, bounceSec);
      const tell = (time: number, state: boolean): void => {
        if (watches.get(id) !== watch) return;
        if (!watch.repeat) watches.delete(id);
        const event = { state, time, lastTime: watch.lastSec, pin };
        kit.guard(() => watch.run(event));
      };
      for (let i = 0; i < count; i++) {
        const closedAtSec = atSec + i * periodSec;
        for (let edge = 0; edge < told; edge++) {
          if (watch.edge <= 0) tell(closedAtSec + edge * bounceSec, false);
          watch.lastSec = closedAtSec;
          if (watch.edge >= 0) tell(closedAtSec + heldSec, true);
          watch.lastSec = closedAtSec + heldSec;
        }
      }
    }
  };
};
