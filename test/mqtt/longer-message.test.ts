import { describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { publish, suback } from "./packets.js";
import { Scene } from "./scene.js";

describe("a longer message", () => {
  const long = new Uint8Array(600).fill(7);

  it("is taken while it is allowed, and too long again after", () => {
    const scene = new Scene({ maxReceiveBytes: 64 });
    let heard = 0;
    scene.client.subscribe("a/b", 0, (_topic, _bytes, start, end) => (heard = end - start));
    scene.connect().link.data(suback(0));
    scene.client.receiveUpTo(700);
    scene.link.data(publish("a/b", long));
    expect(heard).toBe(600);
    scene.client.receiveUpTo(64);
    scene.link.data(publish("a/b", long));
    expect(scene.closed).toEqual([ErrorCode.MQTT_PACKET_TOO_BIG]);
  });

  it("is given as far as it has come, each time that more has, where somebody wants that", () => {
    const scene = new Scene({ maxReceiveBytes: 700 });
    const parts: number[][] = [];
    scene.client.subscribe("a/b", 0, (_topic, _bytes, start, end) => parts.push([end - start, 0]));
    scene.connect().link.data(suback(0));
    const take = (bytes: Uint8Array, start: number, end: number): void => {
      parts.push([end - start, bytes[start]!]);
    };
    const packet = publish("a/b", long);
    const arrive = (...ends: number[]): void =>
      ends.forEach((end, i) => scene.link.data(packet.slice(ends[i - 1] ?? 0, end)));
    arrive(3, 5, 3 + 5 + 100, packet.length);
    scene.client.receiveUpTo(700, take);
    arrive(3, 5, 3 + 5 + 100, 3 + 5 + 101, packet.length);
    scene.client.receiveUpTo(700);
    arrive(50, packet.length);
    expect(parts).toEqual([
      [600, 0],
      [100, 7],
      [101, 7],
      [600, 0],
      [600, 0],
    ]);
  });

  it("of QoS 1 is given when it is whole, and who throws at a part disturbs nobody", () => {
    const scene = new Scene({ maxReceiveBytes: 700 });
    let heard = 0;
    let parts = 0;
    scene.client.subscribe("a/b", 1, () => heard++);
    scene.connect().link.data(suback(1));
    scene.client.receiveUpTo(700, () => {
      parts++;
      throw new Error("no");
    });
    for (const qos of [0, 1] as const) {
      const packet = publish("a/b", long, { qos, id: 1 });
      scene.link.data(packet.slice(0, 300));
      scene.link.data(packet.slice(300));
    }
    expect([heard, parts, scene.closed]).toEqual([2, 1, []]);
  });
});
