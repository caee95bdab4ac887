import { startFleet } from "../../fleet/fleet.js";
import { SqliteStore } from "../../fleet/store/sqlite-store.js";
import { FastPace } from "../clock/pace.js";
import type { Place } from "./place.js";

/** aedes, collector and store in this process, in virtual time: a seed gives the same run every time. */
export async function embeddedPlace(storeFile: string): Promise<Place> {
  // Synced commits are for this machine's own power cuts, which no soak makes: they would only measure its disk.
  const store = SqliteStore.open(storeFile, { durable: false });
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
