import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import { connack, packet, packetsOf, pingresp, puback, publish, suback, text, u16 } from "./packets.js";
import { Scene } from "./scene.js";

/** A connected client that is subscribed to `filter`, and what its handler heard. */
function subscribed(filter = "a/b", qos: 0 | 1 = 1): { scene: Scene; heard: string[] } {
  const heard: string[] = [];
  const scene = new Scene({ maxReceiveBytes: 120 });
  scene.client.subscribe(filter, qos, (topic, payload, start, end) => {
    heard.push(`${topic} ${Buffer.from(payload.subarray(start, end)).toString()}`);
  });
  scene.connect();
  scene.take();
  scene.link.data(suback(qos));
  return { scene, heard };
}

describe("subscribing", () => {
  const asks = (topic: string, qos = 1): object => ({ first: 0x82, body: [...u16(65535), ...text(topic), qos] });

  it("[MQTT-3.8.1-1] [MQTT-3.8.3-1] [MQTT-3.8.3-3] [MQTT-3.8.3-4] [MQTT-2.3.1-2] asks for one filter after the other with the QoS wanted", () => {
    const scene = new Scene();
    scene.client.subscribe("x/z", 0, () => undefined);
    scene.client.subscribe("y", 1, () => undefined);
    scene.connect();
    expect(scene.take()).toEqual([asks("x/z", 0)]);
    expect(scene.take()).toEqual([]);
    scene.link.data(suback(0));
    expect(scene.take()).toEqual([asks("y")]);
    scene.link.data(suback(0));
    expect(scene.take()).toEqual([]);
    expect(scene.closed).toEqual([]);
  });

  it("asks at once while connected, and lets messages pass while it waits for the answer", () => {
    const scene = new Scene().connect();
    scene.client.subscribe("y", 1, () => undefined);
    scene.publish("x");
    expect(scene.take()).toMatchObject([{ first: 0x82 }, { first: 0x32 }]);
  });

  it("asks again only where the broker has no session, or has not answered", () => {
    const scene = new Scene();
    scene.client.subscribe("x", 1, () => undefined);
    scene.client.subscribe("y", 1, () => undefined);
    scene.connect(true);
    expect(scene.take()).toEqual([asks("x")]);
    scene.link.data(suback(1));
    expect(scene.take()).toEqual([asks("y")]);
    scene.link.drop();
    scene.reconnect(true);
    expect(scene.take()).toEqual([asks("y")]);
    scene.link.data(suback(1));
    scene.link.drop();
    scene.reconnect(true);
    expect(scene.take()).toEqual([]);
    scene.link.drop();
    scene.reconnect(false);
    expect(scene.take()).toEqual([asks("x")]);
    scene.link.data(suback(1));
    expect(scene.take()).toEqual([asks("y")]);
  });

  it("reports a refused filter, keeps the others, and asks again in the next connection", () => {
    const scene = new Scene();
    scene.client.subscribe("x", 1, () => undefined);
    const heard: string[] = [];
    scene.client.subscribe("y", 1, (topic) => heard.push(topic));
    scene.connect();
    scene.take();
    scene.link.data(suback(0x80));
    expect(scene.take()).toEqual([asks("y")]);
    scene.link.data(suback(0));
    expect(scene.refused).toEqual(["x"]);
    expect(scene.take()).toEqual([]);
    scene.link.data(publish("y", []));
    expect(heard).toEqual(["y"]);
    scene.link.drop();
    scene.reconnect(true);
    expect(scene.take()).toEqual([asks("x")]);
    scene.link.data(suback(1));
    scene.take();
    scene.link.data(suback(1));
    scene.link.drop();
    scene.reconnect(true);
    expect(scene.take()).toEqual([]);
  });

  it("[MQTT-3.9.3-2] a SUBACK with another code, id or size, or that nobody waits for, ends the connection", () => {
    for (const bytes of [
      suback(2),
      suback(3),
      suback(0x81),
      packet(0x90, [...u16(1), 1]),
      packet(0x90, [...u16(0), 1]),
      suback(),
      suback(1, 1),
    ]) {
      const scene = new Scene();
      scene.client.subscribe("x", 1, () => undefined);
      scene.connect();
      scene.take();
      scene.link.data(bytes);
      expect(scene.closed).toEqual([ErrorCode.MQTT_PROTOCOL_ERROR]);
    }
    const { scene } = subscribed();
    scene.link.data(suback(1));
    expect(scene.closed).toEqual([ErrorCode.MQTT_PROTOCOL_ERROR]);
  });

  it("throws for what is not a filter, or too long", () => {
    const scene = new Scene({ maxPacketBytes: 64 });
    for (const bad of ["", "a/#", "a/+", "ü", "x".repeat(56)]) {
      expect(() => {
        scene.client.subscribe(bad, 1, () => undefined);
      }).toThrow(DeviceError);
    }
    scene.client.subscribe("x".repeat(55), 1, () => undefined);
    scene.connect();
    expect(scene.take()).toHaveLength(1);
  });

  it("writes a filter whose packet has a remaining length of two bytes", () => {
    const scene = new Scene();
    scene.client.subscribe("x".repeat(300), 1, () => undefined);
    scene.connect();
    expect(scene.take()).toEqual([asks("x".repeat(300))]);
  });
});

describe("receiving", () => {
  it("hands topic and payload to the handler of the topic, and to no other", () => {
    const heard: string[] = [];
    const scene = new Scene();
    for (const filter of ["a", "a/b", "a/bc", "b"]) {
      scene.client.subscribe(filter, 0, (topic, payload, start, end) =>
        heard.push(`${filter}:${topic}:${end - start}:${payload[start]}`),
      );
    }
    scene.connect();
    scene.link.data(publish("a/b", [7, 8]));
    expect(heard).toEqual(["a/b:a/b:2:7"]);
  });

  it("[MQTT-4.3.2-2] [MQTT-3.3.4-1] [MQTT-2.3.1-6] acknowledges QoS 1 with its id after the handler, repeats included, QoS 0 not", () => {
    const { scene, heard } = subscribed();
    scene.link.data(publish("a/b", [49], { qos: 1, id: 700 }));
    scene.link.data(publish("a/b", [49], { qos: 1, id: 700, dup: true }));
    scene.link.data(publish("a/b", [50]));
    scene.link.data(publish("nobody", [51], { qos: 1, id: 5 }));
    expect(scene.take().flatMap((one) => packet(one.first, one.body))).toEqual([
      ...puback(700),
      ...puback(700),
      ...puback(5),
    ]);
    expect(heard).toEqual(["a/b 1", "a/b 1", "a/b 2"]);
  });

  it("[MQTT-4.5.0-2] acknowledges what nobody here wants: another topic, or a message whose handler fails", () => {
    const { scene, heard } = subscribed();
    scene.client.subscribe("bad", 1, () => {
      throw new Error("handler");
    });
    scene.take();
    scene.link.data(suback(1));
    for (const [topic, id] of [
      ["nobody", 5],
      ["bad", 6],
      ["nobody", 7],
    ] as const) {
      scene.link.data(publish(topic, [51], { qos: 1, id }));
    }
    expect(scene.take().flatMap((one) => packet(one.first, one.body))).toEqual([5, 6, 7].flatMap(puback));
    expect(heard).toEqual([]);
    expect(scene.closed).toEqual([]);
  });

  it("[MQTT-4.6.0-2] acknowledges in the order of arrival, in one write where a write is outstanding", () => {
    const { scene } = subscribed();
    scene.publish("x");
    const before = scene.link.writes;
    for (let id = 20; id > 0; id--) scene.link.data(publish("a/b", [], { qos: 1, id }));
    expect(scene.link.writes).toBe(before);
    const acks = scene.take().filter((one) => one.first === 0x40);
    expect(acks.map((one) => one.body[1])).toEqual(Array.from({ length: 20 }, (_, i) => 20 - i));
    expect(scene.link.writes).toBe(before + 1);
  });

  it("does not let an acknowledgement leave before its handler is done, whatever the handler does", () => {
    const scene = new Scene();
    let written = -1;
    scene.client.subscribe("a", 1, () => {
      scene.publish("answer");
      written = scene.link.written.length;
    });
    scene.connect();
    scene.take();
    const before = scene.link.written.length;
    scene.link.data([...suback(1), ...publish("a", [], { qos: 1 })]);
    expect(written).toBe(before);
    expect(scene.take().map((one) => one.first)).toEqual([0x40, 0x32]);
  });

  it("survives a handler that throws, counts its message as received, and goes on", () => {
    const { scene, heard } = subscribed();
    scene.client.subscribe("bad", 1, () => {
      throw new Error("handler");
    });
    scene.take();
    scene.link.data([...suback(1), ...publish("bad", [], { qos: 1 }), ...publish("a/b", [49])]);
    expect(heard).toEqual(["a/b 1"]);
    expect(scene.take()).toMatchObject([{ first: 0x40 }]);
    expect(scene.closed).toEqual([]);
  });

  it("[MQTT-1.5.3-3] does not strip a byte order mark from a topic", () => {
    const { scene, heard } = subscribed("a/b");
    scene.link.data([...publish("\ufeffa/b", [49]), ...publish("a/b", [50])]);
    expect(heard).toEqual([]);
    expect(scene.closed).toEqual([ErrorCode.MQTT_MALFORMED_PACKET]);
  });

  it("takes any fragmentation, byte by byte included", () => {
    const stream = [...publish("a/b", [...Buffer.from("hello")], { qos: 1, id: 9 }), ...publish("a/b", [], { qos: 0 })];
    for (let size = 1; size <= stream.length; size++) {
      const { scene, heard } = subscribed();
      for (let at = 0; at < stream.length; at += size) scene.link.data(stream.slice(at, at + size));
      expect(heard).toEqual(["a/b hello", "a/b "]);
      expect(scene.take()).toEqual([{ first: 0x40, body: u16(9) }]);
    }
  });
});

describe("hostile brokers", () => {
  it.each<[string, number[], ErrorCode]>([
    ["[MQTT-3.3.1-4] QoS 3", publish("a/b", [], { qos: 3 }), ErrorCode.MQTT_PROTOCOL_ERROR],
    ["QoS 2, which was not granted", publish("a/b", [], { qos: 2 }), ErrorCode.MQTT_PROTOCOL_ERROR],
    ["[MQTT-3.3.1-2] DUP with QoS 0", publish("a/b", [], { dup: true }), ErrorCode.MQTT_MALFORMED_PACKET],
    ["[MQTT-2.3.1-1] packet id 0", publish("a/b", [], { qos: 1, id: 0 }), ErrorCode.MQTT_MALFORMED_PACKET],
    ["[MQTT-3.3.2-2] a wildcard in a topic", publish("a/#", []), ErrorCode.MQTT_MALFORMED_PACKET],
    ["[MQTT-4.7.3-1] an empty topic", publish("", []), ErrorCode.MQTT_MALFORMED_PACKET],
    ["[MQTT-1.5.3-2] U+0000 in a topic", publish("a\0b", []), ErrorCode.MQTT_MALFORMED_PACKET],
    [
      "a topic beyond ASCII, which this client cannot have asked for",
      publish("é", []),
      ErrorCode.MQTT_MALFORMED_PACKET,
    ],
    ["[MQTT-1.5.3-1] a byte that never begins a character", publish([97, 0x80], []), ErrorCode.MQTT_MALFORMED_PACKET],
    ["[MQTT-1.5.3-1] a surrogate in a topic", publish([0xed, 0xa0, 0x80], []), ErrorCode.MQTT_MALFORMED_PACKET],
    ["a topic longer than the packet", packet(0x30, [0, 9, 97]), ErrorCode.MQTT_MALFORMED_PACKET],
    ["a PUBLISH without a topic", packet(0x30, []), ErrorCode.MQTT_MALFORMED_PACKET],
    ["a PUBLISH of one byte", packet(0x30, [0]), ErrorCode.MQTT_MALFORMED_PACKET],
    ["a PUBLISH cut short in its packet id", packet(0x32, [...text("a/b"), 0]), ErrorCode.MQTT_MALFORMED_PACKET],
    ["a PUBLISH too long for the buffer", publish("a/b", new Uint8Array(116)), ErrorCode.MQTT_PACKET_TOO_BIG],
    ["[MQTT-2.2.2-2] flags in PUBACK", [0x41, 2, 0, 1], ErrorCode.MQTT_PROTOCOL_ERROR],
    ["[MQTT-2.2.2-2] flags in PINGRESP", [0xd1, 0], ErrorCode.MQTT_PROTOCOL_ERROR],
    ["a PINGRESP that nobody waits for", pingresp, ErrorCode.MQTT_PROTOCOL_ERROR],
    ["a PUBACK of three bytes", [0x40, 3, 0, 1, 0], ErrorCode.MQTT_PROTOCOL_ERROR],
    ["CONNECT", packet(0x10, text("MQTT")), ErrorCode.MQTT_PROTOCOL_ERROR],
    ["PUBREC", packet(0x50, u16(1)), ErrorCode.MQTT_PROTOCOL_ERROR],
    ["PUBREL", packet(0x62, u16(1)), ErrorCode.MQTT_PROTOCOL_ERROR],
    ["SUBSCRIBE", packet(0x82, [...u16(1), ...text("a"), 0]), ErrorCode.MQTT_PROTOCOL_ERROR],
    ["UNSUBACK", packet(0xb0, u16(1)), ErrorCode.MQTT_PROTOCOL_ERROR],
    ["PINGREQ", [0xc0, 0], ErrorCode.MQTT_PROTOCOL_ERROR],
    ["DISCONNECT", [0xe0, 0], ErrorCode.MQTT_PROTOCOL_ERROR],
    ["type 0", [0, 0], ErrorCode.MQTT_PROTOCOL_ERROR],
    ["type 15", [0xf0, 0], ErrorCode.MQTT_PROTOCOL_ERROR],
    ["a length of five bytes", [0x30, 0x80, 0x80, 0x80, 0x80, 1], ErrorCode.MQTT_MALFORMED_PACKET],
  ])("[MQTT-4.8.0-1] %s ends the connection with a reason and without a trace", (_name, bytes, code) => {
    for (const pieces of [[bytes], bytes.map((byte) => [byte])]) {
      const { scene, heard } = subscribed();
      for (const piece of pieces) scene.link.data(piece);
      expect(scene.closed).toEqual([code]);
      expect(scene.link.closed).toBe(true);
      expect(heard).toEqual([]);
      scene.reconnect();
      scene.link.data(publish("a/b", [49]));
      expect(heard).toEqual(["a/b 1"]);
    }
  });

  it("a length that reaches into an older packet's bytes is refused", () => {
    for (const short of [packet(0x30, [0, 6, 97]), packet(0x32, [...text("a/b"), 0])]) {
      const { scene, heard } = subscribed();
      const whole = publish("a/bcdefghij", [1, 2, 3, 4]);
      for (const bytes of [whole, short]) for (const byte of bytes) scene.link.data([byte]);
      expect(scene.closed).toEqual([ErrorCode.MQTT_MALFORMED_PACKET]);
      expect(heard).toEqual([]);
    }
  });

  it("a packet that begins and never ends is given up by the keep-alive, and does not reach into the next connection", () => {
    const { scene, heard } = subscribed();
    scene.link.data(publish("a/b", [49, 50]).slice(0, -1));
    scene.clock.advance(108_000);
    scene.take();
    scene.clock.advance(30_000);
    expect(scene.closed).toEqual([ErrorCode.MQTT_PING_TIMEOUT]);
    scene.reconnect();
    scene.link.data(publish("a/b", [51]));
    expect(heard).toEqual(["a/b 3"]);
  });

  it("[MQTT-4.8.0-2] a flood of QoS 1 that outruns the acknowledgements ends the connection; QoS 0 does not", () => {
    const { scene, heard } = subscribed();
    for (let i = 0; i < 5000; i++) scene.link.data(publish("a/b", [49]));
    expect(scene.closed).toEqual([]);
    scene.publish("x");
    let accepted = 0;
    while (scene.closed.length === 0) scene.link.data(publish("a/b", [49], { qos: 1, id: ++accepted }));
    expect(scene.closed).toEqual([ErrorCode.MQTT_FLOODED]);
    expect(accepted).toBe(Math.floor((1100 - 4) / 4) + 1);
    expect(heard).toHaveLength(5000 + accepted - 1);
  });

  it("nothing it sends throws, leaves a timer behind after stop, or breaks the next connection", () => {
    const good = [publish("a/b", [1, 2, 3], { qos: 1 }), publish("a/b", []), puback(2), suback(1), pingresp, connack()];
    const mutated = fc
      .tuple(fc.constantFrom(...good), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 255 }))
      .map(([bytes, at, value]) => bytes.map((byte, i) => (i === at ? value : byte)));
    const piece = fc.oneof(
      mutated,
      fc.constantFrom(...good),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => [...bytes]),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, early) => {
        const { scene, heard } = subscribed();
        scene.publish("x");
        if (early) {
          scene.link.drop();
          scene.clock.advance(10_000);
          scene.link.open();
        }
        for (const bytes of pieces) scene.link.data(bytes);
        if (scene.link.closed) scene.reconnect();
        else if (early && !scene.client.connected()) {
          scene.link.drop();
          scene.reconnect();
        } else {
          scene.link.drop();
          scene.reconnect();
        }
        heard.length = 0;
        scene.link.data(publish("a/b", [49]));
        expect(heard).toEqual(["a/b 1"]);
        expect(packetsOf(scene.link.written)[0]!.first).toBe(0x10);
        scene.client.stop();
        scene.take();
        expect(scene.clock.pending).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });
});
