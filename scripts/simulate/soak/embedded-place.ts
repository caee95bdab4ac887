import { startFleet } from "../../fleet/fleet.js";
import type { Store } from "../../fleet/store/store.js";
import { FastPace } from "../clock/pace.js";
import type { Place } from "./place.js";

/**
 * aedes and collector in this process, in virtual time: a seed gives the same run every time. Closes the store.
 * @param sendAcks true where devices wait for the collector's `ack`, which PUBACK makes superfluous here
 */
export async function embeddedPlace(store: Store, sendAcks = false): Promise<Place> {
  let now = (): number => 0;
  const fleet = await startFleet({ store, now: () => now(), realTimers: false, sendAcks });
  return {
    broker: fleet,
    pace: new FastPace(),
    acksFromCollector: sendAcks,
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
