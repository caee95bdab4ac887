import { describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { pingresp, puback, publish, suback } from "./packets.js";
import { Scene } from "./scene.js";

const firsts = (scene: Scene): number[] => scene.take().map((one) => one.first);

describe("keep-alive", () => {
  it("[MQTT-3.1.2-23] leaves no more than the keep-alive between packets, and no less than it needs", () => {
    const scene = new Scene({ keepAliveSec: 10 }).connect();
    for (let i = 0; i < 20; i++) {
      scene.clock.advance(8999);
      expect(firsts(scene)).toEqual([]);
      scene.clock.advance(1);
      expect(firsts(scene)).toEqual([0xc0]);
      scene.link.data(pingresp);
    }
    expect(scene.closed).toEqual([]);
  });

  it("sends no PINGREQ while messages flow both ways", () => {
    const scene = new Scene({ keepAliveSec: 10 }).connect();
    for (let i = 1; i < 20; i++) {
      scene.clock.advance(5000);
      scene.publish("x");
      expect(firsts(scene)).toEqual([0x32]);
      scene.link.data(puback(i));
    }
  });

  it("probes a broker that is silent although the client sends, and one that sends although the client is silent", () => {
    const talking = new Scene({ keepAliveSec: 10 }).connect();
    const listening = new Scene({ keepAliveSec: 10 }).connect();
    for (let i = 0; i < 9; i++) {
      talking.publish("x", 0);
      listening.link.data(publish("q", []));
      if (i < 8) expect([firsts(talking), firsts(listening)]).toEqual([[0x30], []]);
      talking.clock.advance(1000);
      listening.clock.advance(1000);
    }
    expect(firsts(talking).at(-1)).toBe(0xc0);
    expect(firsts(listening)).toEqual([0xc0]);
  });

  it("finds a connection that is open at this end only", () => {
    const scene = new Scene({ keepAliveSec: 60, timeoutMs: 7000 }).connect();
    scene.clock.advance(54_000);
    scene.take();
    scene.clock.advance(6999);
    expect(scene.closed).toEqual([]);
    scene.clock.advance(1);
    expect(scene.closed).toEqual([ErrorCode.MQTT_PING_TIMEOUT]);
    expect(scene.link.closed).toBe(true);
    scene.reconnect();
    scene.clock.advance(53_999);
    expect(scene.closed).toHaveLength(1);
    expect(firsts(scene)).toEqual([]);
  });

  it("[MQTT-4.1.0-2] the session lasts as long as the connection: ten days on, filters and messages are known", () => {
    const scene = new Scene({ keepAliveSec: 600 });
    const heard: string[] = [];
    scene.client.subscribe("a/b", 1, (topic) => heard.push(topic));
    scene.connect();
    scene.take();
    scene.link.data(suback(1));
    while (scene.clock.now < 10 * 86_400_000) {
      scene.clock.advance(600_000 * 0.9);
      expect(firsts(scene)).toEqual([0xc0]);
      scene.link.data(pingresp);
    }
    scene.link.data(publish("a/b", [], { qos: 1, id: 3 }));
    expect(heard).toEqual(["a/b"]);
    expect(firsts(scene)).toEqual([0x40]);
    const token = scene.publish("x");
    expect(firsts(scene)).toEqual([0x32]);
    scene.link.data(puback(token));
    expect([scene.published, scene.closed]).toEqual([[token], []]);
  });

  it("is off at 0: nothing is sent and no timer runs", () => {
    const scene = new Scene({ keepAliveSec: 0 }).connect();
    expect(scene.clock.pending).toBe(0);
    scene.clock.advance(1e9);
    expect(firsts(scene)).toEqual([]);
    expect(scene.client.connected()).toBe(true);
  });
});

describe("patience", () => {
  it("gives up a write that does not drain", () => {
    const scene = new Scene({ timeoutMs: 9000 }).connect();
    scene.publish("x");
    scene.clock.advance(8999);
    expect(scene.closed).toEqual([]);
    scene.clock.advance(1);
    expect(scene.closed).toEqual([ErrorCode.MQTT_WRITE_STALLED]);
  });

  it("gives up a broker that answers pings and never acknowledges, and repeats the message to the next", () => {
    const scene = new Scene({ keepAliveSec: 4, timeoutMs: 9000 }).connect();
    scene.publish("x");
    scene.take();
    for (let i = 0; i < 8; i++) {
      scene.clock.advance(1000);
      if (firsts(scene).includes(0xc0)) scene.link.data(pingresp);
    }
    expect(scene.closed).toEqual([]);
    scene.clock.advance(1000);
    expect(scene.closed).toEqual([ErrorCode.MQTT_ACK_TIMEOUT]);
    scene.reconnect();
    expect(firsts(scene)).toEqual([0x3a]);
  });

  it("waits for a SUBACK as long, and no longer", () => {
    const scene = new Scene({ timeoutMs: 9000 });
    scene.client.subscribe("a", 1, () => undefined);
    scene.connect();
    scene.take();
    scene.clock.advance(9000);
    expect(scene.closed).toEqual([ErrorCode.MQTT_ACK_TIMEOUT]);
  });

  it("counts from the last acknowledgement: a slow broker is not a dead one", () => {
    const scene = new Scene({ keepAliveSec: 0, timeoutMs: 9000, maxInFlight: 8 }).connect();
    for (let i = 0; i < 8; i++) scene.publish("x");
    scene.take();
    for (let id = 1; id <= 8; id++) {
      scene.clock.advance(8000);
      scene.link.data(puback(id));
    }
    expect(scene.closed).toEqual([]);
    scene.clock.advance(60_000);
    scene.publish("y");
    scene.take();
    scene.clock.advance(8999);
    expect(scene.closed).toEqual([]);
  });

  it("runs one timer at a time", () => {
    const scene = new Scene({ keepAliveSec: 120 }).connect();
    for (let id = 1; id <= 100; id++) {
      scene.publish("x");
      scene.take();
      scene.link.data(puback(id));
      expect(scene.clock.pending).toBe(1);
      scene.clock.advance(1000);
    }
  });
});
