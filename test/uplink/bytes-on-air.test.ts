import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Platform } from "../../lib/hal/platform.js";
import { MqttClient } from "../../lib/mqtt/client.js";
import type { Interpreter } from "../../lib/nn/interpreter.js";
import { Priority } from "../../lib/outbox/outbox.js";
import { AckMode } from "../../lib/uplink/delivery.js";
import { ModelResult } from "../../lib/uplink/model-result.js";
import { DeviceState, stateStatus } from "../../lib/uplink/status-message.js";
import { RESULTS, STATUS, topicPath } from "../../lib/uplink/topics.js";
import { Uplink } from "../../lib/uplink/uplink.js";
import { type Fleet, startFleet } from "../../scripts/fleet/fleet.js";
import { SqliteStore } from "../../scripts/fleet/store/sqlite-store.js";
import { AirMeter } from "../../scripts/simulate/soak/air-meter.js";
import { soakOne } from "../../scripts/simulate/soak/main.js";
import { NodeTransport } from "../support/brokers/node-transport.js";
import { RealClock } from "../support/brokers/real-clock.js";
import { ramOutbox } from "../support/ram-outbox.js";

const DEVICE = "frost0000001";
const BATCH = 10;
const RESULTS_SENT = 1000;
/** Between two results: their times take bytes too. */
const PERIOD_MS = 600_000;
/** The promise: with PUBLISH, its topic and PUBACK. */
const MOST_BYTES = 20;

let store: SqliteStore;
let fleet: Fleet;
let proxy: Server;
let sockets: Socket[];
/** Bytes that passed over the socket, whatever they were. */
let passed: { up: number; down: number };

beforeEach(async () => {
  store = SqliteStore.open(":memory:");
  fleet = await startFleet({ store, listen: { host: "127.0.0.1", port: 0 } });
  sockets = [];
  passed = { up: 0, down: 0 };
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  proxy.close();
  await fleet.stop();
  await store.close();
});

/** A port in front of the broker that counts what goes over it. */
async function countingPort(meter: AirMeter): Promise<number> {
  proxy = createServer((device) => {
    const broker = connect(fleet.address!.port, "127.0.0.1");
    const metered = meter.connection();
    sockets.push(device, broker);
    device.on("data", (bytes) => {
      passed.up += bytes.length;
      metered.sent(bytes);
      broker.write(bytes);
    });
    broker.on("data", (bytes) => {
      passed.down += bytes.length;
      metered.received(bytes);
      device.write(bytes);
    });
    for (const socket of [device, broker]) socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return (proxy.address() as AddressInfo).port;
}

test("on a real socket, results in tens take at most 20 bytes each, PUBACK included", async () => {
  const meter = new AirMeter();
  const clock = new RealClock();
  const outbox = ramOutbox();
  let sinceMs = 0;
  const options = {
    host: "127.0.0.1",
    port: await countingPort(meter),
    clientId: DEVICE,
    username: DEVICE,
    password: "",
    will: { topic: topicPath(DEVICE, STATUS.name), payload: stateStatus(DeviceState.OFFLINE) },
    keepAliveSec: 120,
    maxInFlight: 3,
    maxPacketBytes: RESULTS.maxBytes + 64,
    maxReceiveBytes: 256,
    timeoutMs: 30_000,
    retry: { minMs: 5000, maxMs: 600_000 },
    jitterSeed: 1,
  };
  const client = new MqttClient(new NodeTransport(), clock, options, {
    onConnected: () => uplink.onConnected(),
    onClosed: () => undefined,
    onPublished: (token) => uplink.onPublished(token),
    onSubscribeRefused: () => undefined,
  });
  const facts = {
    incarnation: 0xdeadbeef,
    epoch: 3,
    clockPpm: 0,
    resetReason: 1,
    application: "orchard-frost 0.1.0",
    runtime: "0.1.0",
    modelId: 0xdeadbeef,
    modelVersion: 2,
    board: "esp32",
    boots: 3,
  };
  const uplink = new Uplink(
    {
      device: DEVICE,
      application: "orchard-frost",
      outputs: ["frost"],
      facts,
      state: DeviceState.ONLINE,
      ackMode: AckMode.PUBACK,
      batchRecords: BATCH,
      batchAgeMs: BATCH * PERIOD_MS,
      statusPeriodMs: Infinity,
    },
    outbox,
    client,
    {
      clock: { nowMs: () => clock.nowMs() + sinceMs, after: clock.after.bind(clock), cancel: clock.cancel.bind(clock) },
      power: { supplyMillivolts: () => 3300 },
      freeMemory: () => 50_000,
      wallClockSec: () => 0,
      observe: () => undefined,
    } as unknown as Platform,
  );
  client.start();
  const output = new Int8Array(1);
  const model = { output, pack: { outputScale: 1 / 256, outputZeroPoint: -128 } } as unknown as Interpreter;
  const result = new ModelResult();
  while (!client.connected()) await new Promise(setImmediate);
  for (let sent = 0; sent < RESULTS_SENT; sent++) {
    output[0] = ((sent * 37) % 256) - 128;
    result.capture(model, 0);
    sinceMs += PERIOD_MS;
    uplink.report(0, result, Priority.NORMAL);
    if (sent % BATCH === BATCH - 1) while (uplink.waiting() > 0) await new Promise(setImmediate);
  }
  client.stop();
  clock.stop();

  const { results, puback, status, connect: connecting, subscribe, ping, down } = meter.bytes;
  expect((await store.totals()).records).toBe(RESULTS_SENT);
  expect(meter.messages).toBe(RESULTS_SENT / BATCH);
  const each = (results + puback) / RESULTS_SENT;
  process.stdout.write(
    `${each.toFixed(1)} bytes per result of PUBLISH and PUBACK; CONNECT ${connecting} bytes, SUBSCRIBE ${subscribe}, ` +
      `status ${status}, ping ${ping}, in all ${passed.up} up and ${passed.down} down\n`,
  );
  expect(each).toBeLessThanOrEqual(MOST_BYTES);
  expect(each).toBeGreaterThan(8);
  // Nothing passed that was not counted; a DISCONNECT may still be under way.
  const counted = results + puback + status + connecting + subscribe + ping + down;
  expect(passed.up + passed.down - counted).toBeLessThanOrEqual(2);
});

test("the figure in docs/protocol.md is what its command prints", async () => {
  const page = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");
  const [, results, devices, figure] =
    /`npm run soak -- --broker aedes --link perfect --results (\d+) --devices (\d+)`\s+prints\s+([\d.]+) bytes/.exec(
      page,
    )!;
  let printed = "";
  const run = {
    broker: "aedes",
    link: "perfect",
    seed: 1,
    results: Number(results),
    devices: Number(devices),
  } as const;
  await soakOne(run, (text) => (printed += text));
  expect(printed).toContain(`bytes per result    ${figure} of PUBLISH and PUBACK`);
  expect(Number(figure)).toBeLessThanOrEqual(MOST_BYTES);
});
