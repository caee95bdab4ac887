/**
 * How fast the collector is: messages through the embedded broker over loopback TCP, committed durably before their
 * PUBACK, the same behind Mosquitto where it is installed, and records into the store alone. Run: npm run bench:fleet [-- RECORDS_PER_MESSAGE CLIENTS SECONDS]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Encoder } from "cbor-x";
import mqtt from "mqtt";

type FleetModule = typeof import("../scripts/fleet/fleet.js");
type StoreModule = typeof import("../scripts/fleet/store/sqlite-store.js");
type MosquittoModule = typeof import("../scripts/simulate/brokers/mosquitto.js");
type MessageModule = typeof import("../scripts/fleet/messages/message.js");

const dist = (path: string): string => new URL(`../dist/scripts/${path}`, import.meta.url).href;
const { startFleet } = (await import(dist("fleet/fleet.js"))) as FleetModule;
const { SqliteStore } = (await import(dist("fleet/store/sqlite-store.js"))) as StoreModule;
const { decodeMessage } = (await import(dist("fleet/messages/message.js"))) as MessageModule;
const { mosquittoCommand, startMosquitto } = (await import(dist("simulate/brokers/mosquitto.js"))) as MosquittoModule;

const [recordsPerMessage = 10, clients = 20, seconds = 5] = process.argv.slice(2).map(Number);
const IN_FLIGHT = 4;
const BATCH = 100;
const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });
const folder = mkdtempSync(join(tmpdir(), "sertao-bench-"));

function payload(first: number): Buffer {
  const record = (pairs: [number, unknown][]): Map<number, unknown> => new Map(pairs);
  const head = record([
    [-2, "orchard-frost/risk"],
    [-24, 90],
    [2, 0.25],
  ]);
  const rest = Array.from({ length: recordsPerMessage - 1 }, () => record([[2, 0.5]]));
  return encoder.encode([1, 7, first, 1, 5, 6, 100, [head, ...rest]]);
}

async function overTcp(): Promise<void> {
  const store = SqliteStore.open(join(folder, "tcp.sqlite"));
  const fleet = await startFleet({ store, listen: { host: "127.0.0.1", port: 0 } });
  const end = performance.now() + seconds * 1000;
  const device = async (index: number): Promise<void> => {
    const id = `dev${index}`;
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${fleet.address?.port}`, { clientId: id });
    let sequence = 1;
    const lane = async (): Promise<void> => {
      while (performance.now() < end) {
        const first = sequence;
        sequence += recordsPerMessage;
        await client.publishAsync(`sertao/v1/${id}/results`, payload(first), { qos: 1 });
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
    await client.endAsync();
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => device(index)));
  const { messages, stored } = fleet.counts;
  const rate = (count: number): string => Math.round(count / seconds).toLocaleString("en");
  console.log(
    `TCP, ${clients} devices with ${IN_FLIGHT} in flight, ${recordsPerMessage} records a message: ` +
      `${rate(messages)} messages/s, ${rate(stored)} records/s acknowledged after their commit`,
  );
  await fleet.stop();
  await store.close();
}

/** Devices send as fast as Mosquitto takes it; what counts is what the collector behind it has committed in the time. */
async function behindMosquitto(): Promise<void> {
  const broker = await startMosquitto({ savesEveryChange: false });
  const store = SqliteStore.open(join(folder, "mosquitto.sqlite"));
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const fleet = await startFleet({ store, brokerUrl: url });
  const end = performance.now() + seconds * 1000;
  const device = async (index: number): Promise<void> => {
    const id = `dev${index}`;
    const client = await mqtt.connectAsync(url, { clientId: id });
    for (let first = 1; performance.now() < end; first += recordsPerMessage) {
      await client.publishAsync(`sertao/v1/${id}/results`, payload(first), { qos: 1 });
    }
    await client.endAsync();
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => device(index)));
  const { messages, stored } = fleet.counts;
  const rate = (count: number): string => Math.round(count / seconds).toLocaleString("en");
  console.log(
    `behind Mosquitto, ${clients} devices, ${recordsPerMessage} records a message: ` +
      `${rate(messages)} messages/s, ${rate(stored)} records/s committed, with ack messages`,
  );
  await fleet.stop();
  await store.close();
  await broker.dispose();
}

async function storeAlone(): Promise<void> {
  const store = SqliteStore.open(join(folder, "store.sqlite"));
  const began = performance.now();
  let sequence = 1;
  let messages = 0;
  while (performance.now() - began < seconds * 1000) {
    const batch = Array.from({ length: BATCH }, () => {
      const message = decodeMessage("results", payload(sequence));
      sequence += recordsPerMessage;
      return { device: "dev1", receivedAt: Date.now(), message };
    });
    await store.commit(batch);
    messages += BATCH;
  }
  const elapsed = (performance.now() - began) / 1000;
  const rate = (count: number): string => Math.round(count / elapsed).toLocaleString("en");
  console.log(
    `decoding and store alone, ${BATCH} messages a commit: ` +
      `${rate(messages)} messages/s, ${rate(messages * recordsPerMessage)} records/s`,
  );
  await store.close();
}

try {
  await overTcp();
  if (mosquittoCommand !== undefined) await behindMosquitto();
  await storeAlone();
} finally {
  rmSync(folder, { recursive: true });
}
