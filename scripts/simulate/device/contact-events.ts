import type { GuestValue } from "../guest/guest.js";
import type { Wiring } from "../parts/wiring.js";

/** Edges that the ESP32's event queue holds: 4,096 bytes at six each (boards/ESP32.py, src/jsdevices.c). */
const QUEUED_EDGES = 682;

/**
 * Tells the code of one boot what contacts did since it last ran. Nothing but code notices, so it is soon enough just
 * before any of it runs. What happens while the interpreter stands still goes into a queue that overflows.
 */
export class ContactEvents {
  readonly #wiring: Wiring;
  readonly #startMs: number;
  #standsUntilMs = 0;

  /** @param startMs time of the run at which the boot began: what was before, nobody counted */
  constructor(wiring: Wiring, startMs: number) {
    this.#wiring = wiring;
    this.#startMs = startMs;
    wiring.closures(startMs);
  }

  /** The interpreter stands still from now until then. All that was before has been delivered. */
  standsStill(untilMs: number): void {
    this.#standsUntilMs = Math.max(this.#standsUntilMs, untilMs);
  }

  deliver(nowMs: number, call: (entry: string, ...values: GuestValue[]) => void): void {
    let room = QUEUED_EDGES;
    let isFull = false;
    if (this.#standsUntilMs > 0) {
      for (const closures of this.#wiring.closures(Math.min(nowMs, this.#standsUntilMs))) {
        const edges = 2 * (1 + closures.bounces);
        const count = Math.min(closures.count, Math.floor(room / edges));
        room -= count * edges;
        isFull ||= count < closures.count;
        this.#tell({ ...closures, count }, call);
      }
      this.#standsUntilMs = 0;
    }
    if (isFull) call("errorFlag", "FIFO_FULL");
    for (const closures of this.#wiring.closures(nowMs)) this.#tell(closures, call);
  }

  #tell(
    { pin, count, atMs, periodMs, closedMs, bounces, bounceMs }: ReturnType<Wiring["closures"]>[number],
    call: (entry: string, ...values: GuestValue[]) => void,
  ): void {
    const atSec = (atMs - this.#startMs) / 1000;
    if (count > 0) {
      call("closures", pin, count, atSec, periodMs / 1000, closedMs / 1000, bounces, bounceMs / 1000);
    }
  }
}
