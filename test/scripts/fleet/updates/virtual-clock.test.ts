import { duplexPair } from "node:stream";
import { MqttClient } from "mqtt";
import { expect, it } from "vitest";
import { startFleet } from "../../../../scripts/fleet/fleet.js";
import { SqliteStore } from "../../../../scripts/fleet/store/sqlite-store.js";
import { verified } from "./signed.js";

it("updates wait for no timer of the host where the clock is virtual: what is asked for is there when all has settled", async () => {
  const store = SqliteStore.open(":memory:");
  const fleet = await startFleet({ store, now: () => 5_000_000_000, realTimers: false });
  const [near, far] = duplexPair();
  fleet.attach(far);
  const client = new MqttClient(() => near, { clientId: "dev1", protocolVersion: 4, keepalive: 0, reconnectPeriod: 0 });
  const heard: string[] = [];
  client.on("message", (topic, payload) => heard.push(`${topic.split("/").at(-1)} ${payload.length}`));
  await client.subscribeAsync(["sertao/v1/dev1/update/offer", "sertao/v1/dev1/update/block"], { qos: 1 });
  await store.updates.publish([verified(100, {}, new Uint8Array(2500), "none").update], ["dev1"], 0);
  await fleet.offerUpdates();
  await fleet.settled();
  expect(heard).toEqual(["offer 42"]);
  client.publish("sertao/v1/dev1/update/request", Buffer.from([0x86, 1, 7, 0x18, 100, 1, 0, 0x19, 0x20, 0]), {
    qos: 0,
  });
  for (let turn = 0; turn < 20; turn++) await fleet.settled();
  expect(heard.slice(1)).toEqual(["block 2058", "block 461"]);
  expect([fleet.pendingJobs(), fleet.counts.blocks]).toEqual([0, 2]);
  client.end(true);
  await fleet.stop();
  await store.close();
});
