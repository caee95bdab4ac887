import { describe, expect, it } from "vitest";
import type { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import { connack, packetsOf, pingresp, puback, publish, suback } from "./packets.js";
import { Scene } from "./scene.js";

const ignore = (): void => undefined;

describe("connecting", () => {
  it("[MQTT-3.1.0-1] [MQTT-3.1.0-2] [MQTT-2.2.2-1] begins with CONNECT, once, and sends nothing else before CONNACK", () => {
    const scene = new Scene();
    scene.client.subscribe("a", 1, ignore);
    scene.client.start();
    expect(scene.link).toMatchObject({ host: "broker", port: 1883, written: [] });
    scene.link.open();
    expect(scene.take().map((one) => one.first)).toEqual([0x10]);
    scene.clock.advance(20_000);
    scene.link.data(connack());
    expect(scene.connected).toEqual([false]);
    for (let i = 0; i < 50; i++) {
      scene.publish(String(i));
      scene.link.data(puback(i + 1));
      scene.take();
    }
    expect(packetsOf(scene.transport.connections[0]!.written).filter((one) => one.first === 0x10)).toHaveLength(1);
  });

  it("ignores a second onOpen", () => {
    const scene = new Scene().connect();
    scene.link.open();
    expect(scene.take()).toEqual([]);
  });

  it.each([
    [1, ErrorCode.MQTT_REFUSED_PROTOCOL],
    [2, ErrorCode.MQTT_REFUSED_CLIENT_ID],
    [3, ErrorCode.MQTT_REFUSED_UNAVAILABLE],
    [4, ErrorCode.MQTT_REFUSED_LOGIN],
    [5, ErrorCode.MQTT_REFUSED_NOT_AUTHORISED],
    [6, ErrorCode.MQTT_MALFORMED_PACKET],
    [255, ErrorCode.MQTT_MALFORMED_PACKET],
  ])("return code %i of CONNACK ends the attempt with error %i, and another follows", (code, error) => {
    const scene = new Scene();
    scene.client.start();
    scene.link.open();
    scene.take();
    scene.link.data(connack(false, code));
    expect(scene.closed).toEqual([error]);
    expect(scene.connected).toEqual([]);
    expect(scene.link.closed).toBe(true);
    scene.reconnect();
    expect(scene.client.connected()).toBe(true);
  });

  it.each([
    ["PINGRESP", pingresp],
    ["PUBLISH", publish("a", [1])],
    ["PUBACK", puback(1)],
    ["SUBACK", suback(0)],
    ["an answer of a web server", [...Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n" + " ".repeat(80))]],
  ])("[MQTT-3.2.0-1] [MQTT-4.8.0-1] %s before CONNACK ends the attempt", (_name, bytes) => {
    const scene = new Scene();
    scene.client.start();
    scene.link.open();
    scene.take();
    scene.link.data(bytes);
    expect(scene.closed).toEqual([ErrorCode.MQTT_PROTOCOL_ERROR]);
    expect(scene.link.closed).toBe(true);
  });

  it("a CONNACK with a reserved flag or another size is malformed", () => {
    for (const bytes of [
      [0x20, 2, 2, 0],
      [0x20, 3, 0, 0, 0],
      [0x20, 1, 0],
      [0x20, 0],
    ]) {
      const scene = new Scene();
      scene.client.start();
      scene.link.open();
      scene.take();
      scene.link.data(bytes);
      expect(scene.closed).toEqual([ErrorCode.MQTT_MALFORMED_PACKET]);
    }
  });

  it("a second CONNACK ends the connection", () => {
    const scene = new Scene().connect();
    scene.link.data(connack());
    expect(scene.closed).toEqual([ErrorCode.MQTT_PROTOCOL_ERROR]);
  });

  it("gives up at the connect timeout, whether the transport or CONNACK does not come", () => {
    for (const opens of [false, true]) {
      const scene = new Scene({ timeoutMs: 10_000 });
      scene.client.start();
      scene.clock.advance(6000);
      if (opens) scene.link.open();
      scene.clock.advance(3999);
      expect(scene.closed).toEqual([]);
      scene.clock.advance(1);
      expect(scene.closed).toEqual([ErrorCode.MQTT_CONNECT_TIMEOUT]);
      expect(scene.link.closed).toBe(true);
    }
  });

  it("tells a connection that was never made from one that was closed", () => {
    const never = new Scene();
    never.client.start();
    never.link.drop();
    expect(never.closed).toEqual([ErrorCode.MQTT_CONNECT_FAILED]);
    const early = new Scene();
    early.client.start();
    early.link.open();
    early.link.drop();
    expect(early.closed).toEqual([ErrorCode.MQTT_CLOSED_BY_PEER]);
    const later = new Scene().connect();
    later.link.drop();
    expect(later.closed).toEqual([ErrorCode.MQTT_CLOSED_BY_PEER]);
    expect(later.client.connected()).toBe(false);
  });

  it("survives a transport that throws", () => {
    const scene = new Scene();
    const open = scene.transport.open.bind(scene.transport);
    scene.transport.open = () => {
      throw new Error("no network");
    };
    expect(() => {
      scene.client.start();
    }).toThrow("no network");
    scene.transport.open = open;
    scene.clock.advance(30_000);
    expect(scene.closed).toEqual([ErrorCode.MQTT_CONNECT_TIMEOUT]);
    scene.clock.advance(10_000);
    scene.connect();
    expect(scene.client.connected()).toBe(true);
  });

  it("[MQTT-3.1.3-2] is the same client in every connection, whatever became of the one before", () => {
    const scene = new Scene({ clientId: "dev1" }).connect();
    const connects = (): string[] =>
      scene.transport.connections.map(({ written }) => Buffer.from(packetsOf(written)[0]!.body).toString("latin1"));
    scene.link.drop();
    scene.reconnect(false);
    scene.client.stop();
    scene.take();
    scene.client.start();
    scene.link.open();
    expect(connects()).toHaveLength(3);
    expect(new Set(connects()).size).toBe(1);
    // Protocol name, level, flags and keep-alive are 10 bytes; the client id follows.
    expect(connects()[0]!.slice(10, 16)).toBe("\0\u0004dev1");
  });

  it("[MQTT-3.1.3-7] refuses options that make no CONNECT when it is made", () => {
    const code = (options: object): number => {
      try {
        new Scene(options);
      } catch (error) {
        return (error as DeviceError).code;
      }
      return ErrorCode.OK;
    };
    expect(code({ clientId: "" })).toBe(ErrorCode.DEVICE_ID_INVALID);
    expect(code({ username: "" })).toBe(ErrorCode.DEVICE_ID_INVALID);
    expect(code({ password: "x".repeat(2000) })).toBe(ErrorCode.MQTT_PACKET_TOO_BIG);
    expect(code({ will: { topic: "", payload: new Uint8Array(0) } })).toBe(ErrorCode.DEVICE_ID_INVALID);
    expect(code({})).toBe(ErrorCode.OK);
  });
});

describe("stopping", () => {
  it("[MQTT-3.14.4-1] [MQTT-3.14.4-2] sends DISCONNECT last, waits until it has left, and closes", () => {
    const scene = new Scene().connect();
    scene.publish("x");
    scene.publish("y");
    scene.client.stop();
    expect(scene.client.connected()).toBe(false);
    expect(scene.publish("late")).toBe(-ErrorCode.MQTT_NOT_CONNECTED);
    expect(scene.take().map((one) => one.first)).toEqual([0x32, 0xe0]);
    expect(scene.link.closed).toBe(true);
    expect(scene.closed).toEqual([ErrorCode.OK]);
    scene.clock.advance(10_000_000);
    expect(scene.transport.connections).toHaveLength(1);
    expect(scene.clock.pending).toBe(0);
  });

  it("ends at once where there is no connection, from every state", () => {
    const waiting = new Scene().connect();
    waiting.link.drop();
    const opening = new Scene();
    opening.client.start();
    const connecting = new Scene();
    connecting.client.start();
    connecting.link.open();
    for (const scene of [waiting, opening, connecting]) {
      scene.client.stop();
      expect(scene.closed.at(-1)).toBe(ErrorCode.OK);
      expect(scene.link.closed).toBe(true);
      expect(scene.clock.pending).toBe(0);
      scene.client.stop();
      expect(scene.closed.filter((code) => code === ErrorCode.OK)).toHaveLength(1);
    }
  });

  it("does not wait for ever where DISCONNECT does not leave", () => {
    const scene = new Scene({ timeoutMs: 5000 }).connect();
    scene.client.stop();
    scene.client.stop();
    scene.clock.advance(5000);
    expect(scene.closed).toEqual([ErrorCode.MQTT_WRITE_STALLED]);
    expect(scene.clock.pending).toBe(0);
  });

  it("reports a broker that closes first", () => {
    const scene = new Scene().connect();
    scene.client.stop();
    scene.link.drop();
    expect(scene.closed).toEqual([ErrorCode.MQTT_CLOSED_BY_PEER]);
    expect(scene.clock.pending).toBe(0);
  });

  it("starts again, also while it is still stopping, and start twice is once", () => {
    const scene = new Scene().connect();
    scene.client.stop();
    scene.client.start();
    scene.client.start();
    expect(scene.closed).toEqual([ErrorCode.OK]);
    expect(scene.transport.connections).toHaveLength(2);
    scene.connect(true);
    expect(scene.connected).toEqual([false, true]);
  });

  it("may be asked for by a handler, and ignores the rest of what came", () => {
    const heard: string[] = [];
    const scene = new Scene();
    scene.client.subscribe("a/1", 1, (topic) => {
      heard.push(topic);
      scene.client.stop();
    });
    scene.connect();
    scene.take();
    scene.link.data([...suback(1), ...publish("a/1", [], { qos: 1 }), ...publish("a/2", [], { qos: 1, id: 2 })]);
    expect(heard).toEqual(["a/1"]);
    expect(scene.take().map((one) => one.first)).toEqual([0x40, 0xe0]);
    expect(scene.closed).toEqual([ErrorCode.OK]);
  });
});
