import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, connectAsync } from "mqtt";
import type { IConnackPacket, MqttClient } from "mqtt";
import { describe, expect, it } from "vitest";
import type { Broker, BrokerPlace } from "../../../scripts/simulate/brokers/broker.js";
import { makeCertificate, opensslCommand } from "./certificate.js";
import { mosquittoCommand, startMosquitto } from "../../../scripts/simulate/brokers/mosquitto.js";
import { natsCommand, startNats } from "./nats.js";
import { startAedes } from "./aedes.js";

function client(port: number, id: string, more: object = {}): Promise<MqttClient> {
  const options = { host: "127.0.0.1", port, clientId: id, clean: false, reconnectPeriod: 0, ...more };
  return connectAsync(options);
}

async function roundTrip(broker: Broker): Promise<string> {
  const one = await client(broker.port, "one");
  await one.subscribeAsync("a/b", { qos: 1 });
  const heard = new Promise<string>((resolve) => {
    one.once("message", (_topic: string, payload: Buffer) => {
      resolve(payload.toString());
    });
  });
  await one.publishAsync("a/b", "hello", { qos: 1 });
  const text = await heard;
  await one.endAsync();
  return text;
}

/** True where a session outlives a restart of its broker. */
async function keepsSessions(start: (place: BrokerPlace) => Promise<Broker>): Promise<boolean> {
  const first = await start({});
  try {
    await roundTrip(first);
    await first.stop();
    const second = await start({ port: first.port, folder: first.folder });
    const again = connect({ host: "127.0.0.1", port: second.port, clientId: "one", clean: false, reconnectPeriod: 0 });
    const packet = await new Promise<IConnackPacket>((resolve) => again.once("connect", resolve));
    await again.endAsync();
    await second.kill();
    return packet.sessionPresent;
  } finally {
    await first.dispose();
  }
}

describe("brokers for tests", () => {
  it("aedes carries a message and ends", async () => {
    const broker = await startAedes();
    expect(await roundTrip(broker)).toBe("hello");
    await broker.stop();
    await expect(client(broker.port, "two")).rejects.toThrow();
  });

  it.skipIf(!mosquittoCommand)("mosquitto keeps sessions over a restart (needs mosquitto)", async () => {
    expect(await keepsSessions(startMosquitto)).toBe(true);
  });

  it.skipIf(!mosquittoCommand || !opensslCommand)(
    "mosquitto checks passwords behind TLS (needs mosquitto, openssl)",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "sertao-tls-"));
      const certificate = makeCertificate(folder);
      const broker = await startMosquitto({ users: { ana: "secret" }, certificate });
      try {
        const tls = { protocol: "mqtts", ca: certificate.pem, host: "localhost", username: "ana" };
        await (await client(broker.port, "x", { ...tls, password: "secret" })).endAsync();
        await expect(client(broker.port, "y", { ...tls, password: "wrong" })).rejects.toThrow("Not authorized");
      } finally {
        await broker.dispose();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );

  it.skipIf(!natsCommand)("nats-server keeps sessions over a restart (needs nats-server)", async () => {
    expect(await keepsSessions(startNats)).toBe(true);
  });
});
