import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { freePort } from "../../scripts/simulate/brokers/free-port.js";
import { Device, until } from "./device.js";
import { connack, publish } from "./packets.js";

let server: Server;
const sockets = new Set<Socket>();

/** A server that does what `play` says with each connection. */
async function rude(play: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    play(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server.close();
});

describe("brokers that behave badly", () => {
  it("one that accepts and never answers is given up", async () => {
    const port = await rude(() => undefined);
    const device = new Device(port, "d", { timeoutMs: 60 });
    device.client.start();
    await until("three attempts", () => device.closed.length >= 3);
    device.stop();
    expect(new Set(device.closed.slice(0, 3))).toEqual(new Set([ErrorCode.MQTT_CONNECT_TIMEOUT]));
  });

  it("one that answers CONNECT and nothing else is given up", async () => {
    const port = await rude((socket) => {
      socket.once("data", () => socket.write(Buffer.from(connack())));
    });
    const device = new Device(port, "d", { timeoutMs: 80 });
    device.client.start();
    device.send("a", ["x"]);
    await until("two connections", () => device.closed.length >= 2);
    device.stop();
    expect(device.closed[0]).toBe(ErrorCode.MQTT_ACK_TIMEOUT);
    expect(device.published).toEqual([]);
  });

  it("one that floods is survived: everything is heard, or the connection ends with a reason", async () => {
    const one = publish("flood", [49], { qos: 1, id: 7 });
    const flood = Buffer.from(Array.from({ length: 3000 }, () => one).flat());
    const port = await rude((socket) => {
      socket.once("data", () => {
        socket.write(Buffer.from(connack()));
        socket.write(flood);
      });
    });
    const device = new Device(port, "d", { timeoutMs: 2000 }).subscribe("flood", 1);
    device.client.start();
    await until("flooded", () => device.closed.length > 0);
    device.stop();
    expect(device.closed[0]).toBe(ErrorCode.MQTT_FLOODED);
    expect(device.heard.length).toBeGreaterThan(200);
  });

  it("one that refuses the login for a while is told apart by its code, and is tried until it accepts", async () => {
    let connections = 0;
    const port = await rude((socket) => {
      const refusal = [3, 5, 4, 0][Math.min(connections++, 3)]!;
      socket.once("data", () => {
        socket.write(Buffer.from(connack(false, refusal)));
        if (refusal > 0) socket.end();
      });
    });
    const device = new Device(port, "d");
    device.client.start();
    await until("accepted", () => device.client.connected());
    expect(device.closed).toEqual([
      ErrorCode.MQTT_REFUSED_UNAVAILABLE,
      ErrorCode.MQTT_REFUSED_NOT_AUTHORISED,
      ErrorCode.MQTT_REFUSED_LOGIN,
    ]);
    expect(device.connected).toEqual([false]);
    device.stop();
  });

  it("one that floods before it has accepted is given up", async () => {
    const port = await rude((socket) => {
      socket.once("data", () => socket.write(Buffer.alloc(100_000, Buffer.from(publish("flood", [49])))));
    });
    const device = new Device(port, "d", { timeoutMs: 2000 });
    device.client.start();
    await until("given up", () => device.closed.length > 0);
    device.stop();
    expect(device.closed[0]).toBe(ErrorCode.MQTT_PROTOCOL_ERROR);
    expect(device.heard).toEqual([]);
  });

  it("one that refuses connections, or closes them at once, is tried again", async () => {
    const port = await rude((socket) => socket.destroy());
    const closing = new Device(port, "d");
    const refusing = new Device(await freePort(), "d");
    closing.client.start();
    refusing.client.start();
    await until("attempts", () => closing.closed.length > 2 && refusing.closed.length > 2);
    closing.stop();
    refusing.stop();
    expect(refusing.closed[0]).toBe(ErrorCode.MQTT_CONNECT_FAILED);
    expect([ErrorCode.MQTT_CLOSED_BY_PEER, ErrorCode.MQTT_CONNECT_FAILED]).toContain(closing.closed[0]);
  });
});
