import { startFleet } from "../../fleet/fleet.js";
import type { Store } from "../../fleet/store/store.js";
import { FastPace } from "../clock/pace.js";
import type { Place } from "./place.js";

/** aedes and collector in this process, in virtual time: a seed gives the same run every time. Closes the store. */
export async function embeddedPlace(store: Store): Promise<Place> {
  let now = (): number => 0;
  const fleet = await startFleet({ store, now: () => now(), realTimers: false });
  return {
    broker: fleet,
    pace: new FastPace(),
    acksFromCollector: false,
    keepsOrder: true,
    isTimed: true,
    kills: 0,
    started: (clock) => {
      now = clock;
    },
    delivered: () => undefined,
    async finished() {
      await fleet.settled();
      return store;
    },
    async close() {
      await fleet.stop();
      await store.close();
    },
  };
}
