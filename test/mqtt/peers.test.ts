import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import type { MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { startAedes } from "../support/brokers/aedes.js";
import type { Broker, BrokerPlace } from "../../scripts/simulate/brokers/broker.js";
import { makeCertificate, opensslCommand } from "../support/brokers/certificate.js";
import { mosquittoCommand, startMosquitto } from "../../scripts/simulate/brokers/mosquitto.js";
import { natsCommand, startNats } from "../support/brokers/nats.js";
import { NodeTransport } from "../support/brokers/node-transport.js";
import { idle } from "./idle.js";
import { CuttingTransport, type Fault } from "./cutting-transport.js";
import { Device, until } from "./device.js";

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

/** Another client on the same broker, and what it heard below `up/`. */
class Observer {
  readonly heard: { topic: string; text: string; retain: boolean }[] = [];
  client!: MqttClient;

  static async on(port: number, id: string): Promise<Observer> {
    const observer = new Observer();
    observer.client = await connectAsync({ host: "127.0.0.1", port, clientId: id, reconnectPeriod: 0 });
    observer.client.on("message", (topic: string, payload: Buffer, packet: { retain: boolean }) => {
      observer.heard.push({ topic, text: payload.toString(), retain: packet.retain });
    });
    await observer.client.subscribeAsync("up/#", { qos: 1 });
    return observer;
  }

  /** Texts on a topic, each at its first arrival. */
  first(topic: string): string[] {
    return [...new Set(this.heard.filter((one) => one.topic === topic).map((one) => one.text))];
  }
}

const peers = [
  { name: "aedes", missing: false, start: (place: BrokerPlace) => startAedes(place), forgets: true },
  { name: "mosquitto (needs mosquitto)", missing: !mosquittoCommand, start: startMosquitto, forgets: false },
  { name: "nats-server (needs nats-server)", missing: !natsCommand, start: startNats, forgets: false },
];

for (const peer of peers) {
  describe.skipIf(peer.missing)(`with ${peer.name}`, () => {
    let broker: Broker;
    let observer: Observer;

    beforeAll(async () => {
      broker = await peer.start({});
      observer = await Observer.on(broker.port, "observer");
    });
    afterAll(async () => {
      await observer.client.endAsync(true);
      await broker.dispose();
    });

    it("[MQTT-7.0.0-2] [MQTT-7.1.2-1] messages pass both ways at QoS 0 and 1, retained ones too", async () => {
      const device = new Device(broker.port, "both").subscribe("down/both/0", 1).subscribe("down/both/1", 1);
      device.client.start();
      await until("subscribed", () => device.client.connected() && idle(device.client));
      const bytes = Uint8Array.of(111, 107);
      expect(device.client.publish("up/both/0", bytes, 2, 0, false)).toBe(0);
      expect(device.client.publish("up/both/1", bytes, 2, 1, true)).toBeGreaterThan(0);
      await observer.client.publishAsync("down/both/0", "zero", { qos: 0 });
      await observer.client.publishAsync("down/both/1", "one", { qos: 1 });
      await until("all heard", () => device.heard.length === 2 && device.published.length === 1);
      expect([...device.heard].sort()).toEqual(["down/both/0 zero", "down/both/1 one"]);
      await until(
        "observed",
        () => observer.first("up/both/1").length === 1 && observer.first("up/both/0").length === 1,
      );
      const late = await Observer.on(broker.port, "late");
      await until("retained", () => late.heard.some((one) => one.topic === "up/both/1" && one.retain));
      await late.client.endAsync();
      await until("idle", () => idle(device.client));
      device.stop();
      await until("stopped", () => device.closed.length === 1);
      expect(device.closed).toEqual([ErrorCode.OK]);
    });

    it("the will is sent when the device vanishes, and not when it stops", async () => {
      const will = (name: string): object => ({
        will: { topic: `up/will/${name}`, payload: Uint8Array.of(98, 121, 101) },
      });
      const vanishing = new Device(
        broker.port,
        "vanishing",
        will("vanishing"),
        new CuttingTransport(new NodeTransport(), { cutAfterSent: 90 }),
      );
      const stopping = new Device(broker.port, "stopping", will("stopping"));
      vanishing.client.start();
      stopping.client.start();
      await until("connected", () => vanishing.client.connected() && stopping.client.connected());
      stopping.client.stop();
      vanishing.send("up/x", ["a long message that is cut in the middle of its text"]);
      await until("will", () => observer.first("up/will/vanishing").length === 1);
      vanishing.stop();
      await until("stopped", () => stopping.closed.length === 1);
      expect(observer.first("up/will/stopping")).toEqual([]);
      stopping.stop();
    });

    it("the session keeps subscriptions and messages while the device is away", async () => {
      const first = new Device(broker.port, "away").subscribe("down/away", 1);
      first.client.start();
      await until("subscribed", () => first.client.connected() && idle(first.client));
      expect(first.connected).toEqual([false]);
      first.stop();
      await until("stopped", () => first.closed.length === 1);
      await observer.client.publishAsync("down/away", "while you slept", { qos: 1 });
      const second = new Device(broker.port, "away").subscribe("down/away", 1);
      second.client.start();
      await until("heard", () => second.heard.length === 1);
      expect(second.connected).toEqual([true]);
      second.stop();
    });

    it("a connection cut at every byte of an exchange, either way, loses nothing and keeps the order", async () => {
      const texts = ["first", "second", "third"];
      const whole = new CuttingTransport(new NodeTransport());
      const exchange = async (id: string, transport: CuttingTransport): Promise<Device> => {
        const device = new Device(broker.port, id, { maxInFlight: 3, keepAliveSec: 30 }, transport).subscribe(
          `down/${id}`,
          1,
        );
        device.client.start();
        device.send(`up/${id}`, texts);
        await until(
          `published by ${id}`,
          () => device.published.length === 3 && device.client.connected() && idle(device.client),
        );
        device.stop();
        return device;
      };
      await exchange("cutnone", whole);
      const faults: Fault[] = [
        ...Array.from({ length: whole.sent + 1 }, (_, i) => ({ cutAfterSent: i })),
        ...Array.from({ length: whole.received + 1 }, (_, i) => ({ cutAfterReceived: i })),
      ];
      expect(faults.length).toBeGreaterThan(120);
      for (let at = 0; at < faults.length; at += 8) {
        const batch = faults.slice(at, at + 8).map(async (fault, i) => {
          const id = `cut${at + i}`;
          await exchange(id, new CuttingTransport(new NodeTransport(), fault));
          await until(`heard from ${id}`, () => observer.first(`up/${id}`).length === 3);
          expect(observer.first(`up/${id}`)).toEqual(texts);
        });
        await Promise.all(batch);
      }
    });

    it("lost PUBACKs are noticed, and the messages repeated until they are acknowledged", async () => {
      const transport = new CuttingTransport(new NodeTransport(), { losePubacks: true }, { losePubacks: true });
      const device = new Device(broker.port, "lost", { timeoutMs: 150 }, transport);
      device.client.start();
      device.send("up/lost", ["a", "b"]);
      await until("published", () => device.published.length === 2);
      expect(device.closed).toEqual([ErrorCode.MQTT_ACK_TIMEOUT, ErrorCode.MQTT_ACK_TIMEOUT]);
      expect(observer.first("up/lost")).toEqual(["a", "b"]);
      device.stop();
    });

    it("a broker that is stopped and one that is killed in the middle delay messages and lose none", async () => {
      let place = await peer.start({});
      const device = new Device(place.port, "restart").subscribe("down/restart", 1);
      device.client.start();
      const texts = numbers(600);
      device.send("up/restart", texts);
      for (const [after, how] of [
        [100, "stop"],
        [300, "kill"],
      ] as const) {
        await until(`${after} published`, () => device.published.length >= after);
        await place[how]();
        await until("noticed", () => !device.client.connected());
        place = await peer.start({ port: place.port, folder: place.folder });
      }
      await until("all published", () => device.published.length === texts.length);
      expect(new Set(device.published).size).toBe(texts.length);
      // Of a broker that dies when all has passed, nothing more is asked.
      expect(device.connected.length).toBeGreaterThanOrEqual(2);
      if (peer.forgets) expect(device.connected.at(-1)).toBe(false);
      await until("subscribed again", () => idle(device.client));
      const sender = await Observer.on(place.port, "sender");
      await sender.client.publishAsync("down/restart", "still there", { qos: 1 });
      await until("heard", () => device.heard.length > 0);
      await sender.client.endAsync();
      device.stop();
      await place.dispose();
    });
  });
}

describe.skipIf(!mosquittoCommand)("with mosquitto's passwords and access list (needs mosquitto)", () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startMosquitto({ users: { ana: "secret" }, acl: "pattern readwrite sertao/v1/%u/#\n" });
  });
  afterAll(async () => {
    await broker.dispose();
  });

  it("a wrong password is told as such", async () => {
    const device = new Device(broker.port, "ana", { username: "ana", password: "wrong" });
    device.client.start();
    await until("refused", () => device.closed.length > 0);
    expect(device.closed[0]).toBe(ErrorCode.MQTT_REFUSED_NOT_AUTHORISED);
    device.stop();
  });

  it("the right password passes, and the device's own topics are open to it", async () => {
    const device = new Device(broker.port, "ana", { username: "ana", password: "secret" });
    device.subscribe("sertao/v1/ana/ack", 1);
    device.client.start();
    device.send("sertao/v1/ana/ack", ["mine"]);
    await until("heard", () => device.heard.length === 1 && idle(device.client));
    expect(device.heard).toEqual(["sertao/v1/ana/ack mine"]);
    expect(device.closed).toEqual([]);
    device.stop();
  });
});

describe.skipIf(!mosquittoCommand)("with mosquitto's access list between two devices (needs mosquitto)", () => {
  it("neither hears the other, nor is it heard: both go on, and what is denied is acknowledged and gone", async () => {
    const users = { ana: "secret", eve: "sly" };
    const broker = await startMosquitto({ users, acl: "pattern readwrite sertao/v1/%u/#\n" });
    try {
      const ana = new Device(broker.port, "ana", { username: "ana", password: "secret" });
      const eve = new Device(broker.port, "eve", { username: "eve", password: "sly" });
      ana.subscribe("sertao/v1/ana/ack", 1);
      eve.subscribe("sertao/v1/ana/ack", 1).subscribe("sertao/v1/eve/ack", 1);
      ana.client.start();
      eve.client.start();
      await until("connected", () => ana.client.connected() && eve.client.connected() && idle(eve.client));
      eve.send("sertao/v1/ana/ack", ["forged"]);
      await until("denied", () => eve.published.length === 1);
      ana.send("sertao/v1/ana/ack", ["mine"]);
      eve.send("sertao/v1/eve/ack", ["hers"]);
      await until("heard", () => ana.heard.length === 1 && eve.heard.length === 1);
      expect([ana.heard, eve.heard]).toEqual([["sertao/v1/ana/ack mine"], ["sertao/v1/eve/ack hers"]]);
      expect(ana.closed).toEqual([]);
      // Mosquitto 2.0.11 closes after the PUBACK of a message that it denies; the device comes back by itself.
      expect([[], [ErrorCode.MQTT_CLOSED_BY_PEER]]).toContainEqual(eve.closed);
      ana.stop();
      eve.stop();
    } finally {
      await broker.dispose();
    }
  });
});

describe("with aedes' hooks", () => {
  it("a refused login and a refused filter are told as such", async () => {
    const refusal = Object.assign(new Error("no"), { returnCode: 4 });
    const broker = await startAedes(
      {},
      {
        authenticate: (_client, _name, password, done) => {
          const good = password?.toString() === "secret";
          done(good ? null : refusal, good);
        },
        authorizeSubscribe: (_client, subscription, done) => {
          done(null, subscription.topic === "open" ? subscription : null);
        },
      },
    );
    const wrong = new Device(broker.port, "wrong", { username: "u", password: "bad" });
    const right = new Device(broker.port, "right", { username: "u", password: "secret" });
    right.subscribe("open", 0).subscribe("shut", 0);
    wrong.client.start();
    right.client.start();
    await until("answers", () => wrong.closed.length > 0 && right.refused.length > 0 && idle(right.client));
    expect(wrong.closed[0]).toBe(ErrorCode.MQTT_REFUSED_LOGIN);
    expect(right.refused).toEqual(["shut"]);
    wrong.stop();
    right.stop();
    await broker.stop();
  });
});

describe.skipIf(!mosquittoCommand || !opensslCommand)("over TLS (needs mosquitto, openssl)", () => {
  it("messages pass, and a certificate that is not trusted ends the attempt", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sertao-tls-"));
    const certificate = makeCertificate(folder);
    const broker = await startMosquitto({ certificate });
    const trusting = new Device(broker.port, "tls", {}, new NodeTransport({ ca: certificate.pem }));
    trusting.client.start();
    trusting.send("up/tls", numbers(20));
    await until("published", () => trusting.published.length === 20);
    trusting.stop();
    const doubting = new Device(broker.port, "tls2", {}, new NodeTransport({ ca: "" }));
    doubting.client.start();
    await until("closed", () => doubting.closed.length > 0);
    expect(doubting.closed[0]).toBe(ErrorCode.MQTT_CONNECT_FAILED);
    doubting.stop();
    await broker.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
});
