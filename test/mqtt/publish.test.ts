import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { idle } from "./idle.js";
import { puback, readPublish, type Packet } from "./packets.js";
import { Scene } from "./scene.js";

const isPublish = (one: Packet): boolean => (one.first & 0xf0) === 0x30;
const sent = (scene: Scene): ReturnType<typeof readPublish>[] => scene.take().filter(isPublish).map(readPublish);
const brief = (scene: Scene): string[] =>
  sent(scene).map(({ id, payload, dup }) => `${id}${dup ? "*" : ""} ${Buffer.from(payload).toString()}`);

describe("publishing", () => {
  it("[MQTT-4.3.2-1] sends QoS 1 with DUP 0 and is told by PUBACK, once", () => {
    const scene = new Scene().connect();
    const token = scene.publish("x");
    expect(token).toBeGreaterThan(0);
    expect(sent(scene)).toEqual([{ topic: "a/b", id: token, payload: [120], qos: 1, dup: false, retain: false }]);
    expect(scene.published).toEqual([]);
    scene.link.data(puback(token));
    expect(scene.published).toEqual([token]);
  });

  it("[MQTT-4.3.1-1] sends QoS 0 once with DUP 0, and never again", () => {
    const scene = new Scene().connect();
    expect(scene.publish("x", 0)).toBe(0);
    expect(sent(scene)).toMatchObject([{ qos: 0, dup: false, id: 0 }]);
    scene.publish("y", 1);
    scene.publish("z", 0);
    scene.link.drop();
    scene.reconnect();
    expect(brief(scene)).toEqual(["1* y"]);
  });

  it("sends retained messages as such", () => {
    const scene = new Scene().connect();
    scene.client.publish("s", Uint8Array.of(1), 1, 1, true);
    expect(sent(scene)).toMatchObject([{ retain: true }]);
  });

  it("[MQTT-2.3.1-1] [MQTT-2.3.1-2] gives no packet id twice while it is in use, and never 0", () => {
    const scene = new Scene({ maxInFlight: 3 }).connect();
    const stuck = scene.publish("stuck");
    scene.take();
    const seen = new Set<number>();
    for (let i = 0; i < 65_539; i++) {
      const id = scene.publish("x");
      scene.take();
      if (id === stuck || id < 1 || id > 65_534) expect.fail(`id ${id}`);
      seen.add(id);
      scene.link.data(puback(id));
    }
    expect(seen.size).toBe(65_533);
  });

  it("has at most one write outstanding, and sends control packets before waiting messages", () => {
    const scene = new Scene().connect();
    for (const one of ["1", "2", "3"]) scene.publish(one);
    expect(scene.link.outstanding).toBe(1);
    scene.client.subscribe("q", 1, () => undefined);
    scene.link.drain();
    scene.link.drain();
    expect(scene.take().map((one) => one.first)).toEqual([0x32, 0x82, 0x32, 0x32]);
  });

  it("refuses what does not fit the window, the packet or the state, and sends nothing of it", () => {
    const scene = new Scene({ maxInFlight: 2, maxPacketBytes: 40 });
    expect(scene.publish("x")).toBe(-ErrorCode.MQTT_NOT_CONNECTED);
    scene.connect();
    expect(scene.publish("x".repeat(40))).toBe(-ErrorCode.MQTT_PACKET_TOO_BIG);
    expect(scene.publish("x", 1, "a/#")).toBe(-ErrorCode.MQTT_TOPIC_INVALID);
    scene.publish("1");
    scene.publish("2");
    expect(scene.publish("3")).toBe(-ErrorCode.MQTT_WINDOW_FULL);
    expect(scene.publish("3", 0)).toBe(-ErrorCode.MQTT_WINDOW_FULL);
    expect(brief(scene)).toEqual(
      ["3 1", "4 2"].map((_, i) => expect.stringMatching(new RegExp(` ${i + 1}$`)) as string),
    );
  });

  it("frees a place at each PUBACK, in any order, and keeps the order of the rest", () => {
    const scene = new Scene({ maxInFlight: 3 }).connect();
    const [a, b, c] = ["a", "b", "c"].map((one) => scene.publish(one)) as [number, number, number];
    scene.take();
    scene.link.data(puback(b));
    const d = scene.publish("d");
    expect(scene.publish("e")).toBe(-ErrorCode.MQTT_WINDOW_FULL);
    scene.link.drop();
    scene.reconnect();
    expect(brief(scene)).toEqual([`${a}* a`, `${c}* c`, `${d}* d`]);
  });

  it("takes the next message from within onPublished", () => {
    const scene = new Scene({ maxInFlight: 1 }).connect();
    let left = 5;
    scene.onPublished = () => {
      if (left-- > 0) scene.publish(`m${left}`);
    };
    scene.publish("first");
    for (let i = 1; i <= 6; i++) {
      scene.take();
      scene.link.data(puback(i));
    }
    expect(scene.published).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("a PUBACK for what was not sent ends the connection, and frees nothing", () => {
    for (const id of [0, 2, 9]) {
      const scene = new Scene().connect();
      scene.publish("1");
      scene.publish("2");
      scene.link.data(puback(id));
      expect(scene.closed).toEqual([ErrorCode.MQTT_PROTOCOL_ERROR]);
      scene.reconnect();
      expect(brief(scene)).toEqual(["1* 1", "2 2"]);
    }
  });
});

describe("retransmission", () => {
  it("[MQTT-4.4.0-1] [MQTT-2.3.1-3] [MQTT-3.3.1-1] [MQTT-4.6.0-1] [MQTT-4.1.0-1] repeats what was not acknowledged in order, with its id and DUP", () => {
    const scene = new Scene().connect();
    const ids = ["1", "2", "3", "4"].map((one) => scene.publish(one));
    scene.take();
    scene.link.data(puback(ids[0]!));
    scene.link.drop();
    scene.reconnect();
    expect(brief(scene)).toEqual(["2* 2", "3* 3", "4* 4"]);
    scene.link.drop();
    scene.reconnect(false);
    expect(brief(scene)).toEqual(["2* 2", "3* 3", "4* 4"]);
    for (const id of ids.slice(1)) scene.link.data(puback(id));
    expect(scene.published).toEqual(ids);
    scene.link.drop();
    scene.reconnect();
    expect(brief(scene)).toEqual([]);
  });

  it("[MQTT-3.3.1-1] sets no DUP on what was never written", () => {
    const scene = new Scene().connect();
    scene.publish("1");
    scene.publish("2");
    scene.link.drop();
    scene.reconnect();
    expect(brief(scene)).toEqual(["1* 1", "2 2"]);
  });

  it("comes before what the owner publishes on connecting", () => {
    const scene = new Scene().connect();
    scene.publish("old");
    scene.link.drop();
    scene.onConnected = () => scene.publish("new");
    scene.reconnect();
    expect(brief(scene)).toEqual(["1* old", "2 new"]);
  });

  it("outlives stop and start", () => {
    const scene = new Scene().connect();
    scene.publish("1");
    scene.client.stop();
    scene.take();
    scene.client.start();
    scene.connect(true);
    expect(brief(scene)).toEqual(["1* 1"]);
  });

  it("holds over any run of sends, acknowledgements and cuts: all arrive, first in order, each told once", () => {
    const step = fc.constantFrom("send", "send", "drain", "ack", "cut");
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (steps, maxInFlight) => {
        const scene = new Scene({ maxInFlight, maxPacketBytes: 64 }).connect();
        const accepted: number[] = [];
        const arrived: string[] = [];
        const owed: number[] = [];
        const collect = (): void => {
          for (const one of sent(scene)) {
            const name = Buffer.from(one.payload).toString();
            expect(one.dup).toBe(arrived.includes(name));
            if (!arrived.includes(name)) arrived.push(name);
            owed.push(one.id);
          }
        };
        const cut = (): void => {
          collect();
          owed.length = 0;
          scene.link.drop();
          scene.reconnect();
        };
        for (const one of steps) {
          if (one === "send") {
            const token = scene.publish(String(accepted.length));
            if (token > 0) accepted.push(token);
          } else if (one === "drain") collect();
          else if (one === "ack" && owed.length > 0) scene.link.data(puback(owed.shift()!));
          else if (one === "cut") cut();
        }
        cut();
        collect();
        for (const id of owed.splice(0)) scene.link.data(puback(id));
        expect(scene.closed.every((code) => code === ErrorCode.MQTT_CLOSED_BY_PEER)).toBe(true);
        expect(arrived).toEqual(accepted.map((_, i) => String(i)));
        expect([...scene.published].sort((a, b) => a - b)).toEqual(accepted);
        expect(idle(scene.client)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
