import { startFleet } from "../../fleet/fleet.js";
import type { Store } from "../../fleet/store/store.js";
import type { Broker } from "../brokers/broker.js";
import { startMosquitto } from "../brokers/mosquitto.js";
import { SteadyPace } from "../clock/pace.js";
import { tcpSide } from "../link/tcp-side.js";
import { Killer } from "./killer.js";
import type { Place } from "./place.js";

export interface MosquittoPlaceOptions {
  readonly store: Store;
  /** Virtual seconds in a real one. */
  readonly speed: number;
  readonly results: number;
  /** Times that Mosquitto is killed meanwhile. */
  readonly kills: number;
}

/**
 * Mosquitto over loopback TCP, with its own habits: what it has not saved when it is killed is gone. The collector is in
 * this process, and devices wait for its `ack`. Closes the store.
 * @throws SertaoError BROKER_COMMAND_MISSING, BROKER_NOT_STARTED
 */
export async function mosquittoPlace(options: MosquittoPlaceOptions): Promise<Place> {
  let mosquitto: Broker = await startMosquitto({ savesEveryChange: false });
  const { folder, port } = mosquitto;
  const { store } = options;
  let now = (): number => 0;
  const url = `mqtt://127.0.0.1:${port}`;
  const fleet = await startFleet({ store, now: () => now(), realTimers: false, brokerUrl: url });
  const side = await tcpSide(url);
  const killer = new Killer(options.results, options.kills, async () => {
    await mosquitto.kill();
    mosquitto = await startMosquitto({ savesEveryChange: false, folder, port });
  });
  return {
    broker: side,
    pace: new SteadyPace(options.speed),
    acksFromCollector: true,
    keepsOrder: options.kills === 0,
    isTimed: true,
    get kills() {
      return killer.kills;
    },
    started: (clock) => {
      now = clock;
    },
    delivered: (results) => killer.delivered(results),
    async finished() {
      await killer.rest();
      await fleet.settled();
      return store;
    },
    async close() {
      side.close();
      await fleet.stop();
      await store.close();
      await mosquitto.dispose();
    },
  };
}
