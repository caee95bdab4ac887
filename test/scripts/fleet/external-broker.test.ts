import mqtt, { type MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fleet, startFleet } from "../../../scripts/fleet/fleet.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import { mosquittoCommand, startMosquitto } from "../../../scripts/simulate/brokers/mosquitto.js";
import type { Broker } from "../../../scripts/simulate/brokers/broker.js";
import { startAedes } from "../../support/brokers/aedes.js";
import { resultsPayload } from "./device-client.js";

const MESSAGES = 200;

let store: SqliteStore;
let fleet: Fleet;
let broker: Broker;
let device: MqttClient;
/** Sizes of the commits. */
let commits: number[];

const sent = (first: number, count: number): Promise<unknown> =>
  Promise.all(
    Array.from({ length: count }, (_, i) =>
      device.publishAsync("sertao/v1/dev1/results", resultsPayload(first + i), { qos: 1 }),
    ),
  );

/** Resolves when so many results are stored. */
async function stored(count: number): Promise<number[]> {
  while ((await store.totals()).records < count) await new Promise(setImmediate);
  return (await store.results({})).map((row) => row.sequence);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

for (const { name, missing, start } of [
  { name: "aedes", missing: false, start: () => startAedes() },
  { name: "mosquitto (needs mosquitto)", missing: !mosquittoCommand, start: () => startMosquitto() },
]) {
  describe.skipIf(missing)(`collecting from ${name}`, () => {
    beforeEach(async () => {
      commits = [];
      store = SqliteStore.open(":memory:");
      const commit = store.commit.bind(store);
      store.commit = async (arrivals) => {
        // A disk: what arrives meanwhile waits.
        await new Promise((resolve) => setTimeout(resolve, 5));
        const outcomes = await commit(arrivals);
        commits.push(arrivals.length);
        return outcomes;
      };
      broker = await start();
      fleet = await startFleet({ store, brokerUrl: `mqtt://127.0.0.1:${broker.port}` });
      device = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { clientId: "dev1" });
    });
    afterEach(async () => {
      await device.endAsync(true);
      await fleet.stop();
      await broker.dispose();
      await store.close();
    });

    it("shares commits between messages, and keeps their order", async () => {
      await sent(1, MESSAGES);
      expect(await stored(MESSAGES)).toEqual(upTo(MESSAGES));
      expect(commits.length).toBeLessThan(MESSAGES / 2);
      expect(Math.max(...commits)).toBeGreaterThan(5);
      expect(fleet.counts).toMatchObject({ stored: MESSAGES, repeats: 0 });
    });

    it("acknowledges nothing of a commit that failed, and gets all of it again, in order", async () => {
      const commit = store.commit;
      let fails = 2;
      store.commit = async (arrivals) => {
        if (fails-- > 0) throw new Error("full");
        return commit(arrivals);
      };
      await sent(1, 30);
      expect(await stored(30)).toEqual(upTo(30));
      expect(fails).toBeLessThan(0);
      await sent(31, 5);
      expect(await stored(35)).toEqual(upTo(35));
    });

    it("holds back each PUBACK until its commit: what was not committed comes again to the next collector", async () => {
      const commit = store.commit;
      let held = true;
      let seen = 0;
      let giveUp: (error: Error) => void = () => undefined;
      store.commit = (arrivals) => {
        if (!held) return commit(arrivals);
        seen += arrivals.length;
        return new Promise((_resolve, reject) => (giveUp = reject));
      };
      await sent(1, 10);
      while (seen === 0) await new Promise(setImmediate);
      held = false;
      const next = await startFleet({ store, brokerUrl: `mqtt://127.0.0.1:${broker.port}` });
      try {
        expect(await stored(10)).toEqual(upTo(10));
      } finally {
        giveUp(new Error("the disk is gone"));
        await next.stop();
      }
    });
  });
}
