import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jitterSeed } from "../../lib/app/identity.js";
import { nextWaitMs, type Backoff } from "../../lib/mqtt/backoff.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import { AckMode } from "../../lib/uplink/delivery.js";
import { connack } from "./packets.js";
import { Scene } from "./scene.js";

/** The waits of a device: seeds are CRCs, as lib/app makes them. */
function backoffOf(device: number): Backoff {
  return { _rangeMs: 0, _random: crc32(`dev${device}`) | 0 };
}

/** Waits between attempts that all fail. */
function waits(scene: Scene, count: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    scene.link.drop();
    const from = scene.clock.now;
    const before = scene.transport.connections.length;
    while (scene.transport.connections.length === before) scene.clock.advance(scene.clock.nextAt - scene.clock.now);
    found.push(scene.clock.now - from);
  }
  return found;
}

describe("backoff", () => {
  it("doubles from the least wait to the ceiling, and stays there", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 1e4 }),
        fc.integer({ min: 1, max: 1000 }),
        (seed, minMs, times) => {
          const backoff = { _rangeMs: 0, _random: seed | 0 || 1 };
          let range = minMs;
          for (let i = 0; i < 20; i++) {
            range = Math.min(range * 2, minMs * times);
            const wait = nextWaitMs(backoff, { minMs, maxMs: minMs * times });
            expect(wait).toBeGreaterThanOrEqual(range / 2);
            expect(wait).toBeLessThan(range);
          }
        },
      ),
    );
  });

  it("is spread evenly over devices", () => {
    const buckets = new Array<number>(10).fill(0);
    for (let device = 0; device < 1000; device++) {
      const wait = nextWaitMs(backoffOf(device), { minMs: 1000, maxMs: 1e6 });
      buckets[Math.floor((wait - 1000) / 100)]!++;
    }
    for (const count of buckets) expect(count).toBeGreaterThan(60);
    for (const count of buckets) expect(count).toBeLessThan(140);
  });

  it("differs from boot to boot and goes on differing", () => {
    const sequence = (boot: number): string => {
      const backoff = backoffOf(boot);
      return Array.from({ length: 6 }, () => Math.round(nextWaitMs(backoff, { minMs: 1000, maxMs: 8000 }))).join();
    };
    expect(new Set(Array.from({ length: 500 }, (_, boot) => sequence(boot))).size).toBe(500);
    expect(sequence(5)).toBe(sequence(5));
  });

  it("goes on growing over connections that do not last, and begins again after one that has", () => {
    const scene = new Scene({ retry: { minMs: 1000, maxMs: 64_000 } });
    scene.client.start();
    const failing = waits(scene, 5);
    expect(failing[4]).toBeGreaterThanOrEqual(16_000);
    scene.connect();
    scene.clock.advance(59_999);
    expect(waits(scene, 1)[0]).toBeGreaterThanOrEqual(32_000);
    scene.connect();
    scene.clock.advance(60_000);
    expect(waits(scene, 1)[0]).toBeLessThan(2000);
  });

  it("holds for a broker that accepts and closes, refuses, or never answers: the battery pays by the ceiling", () => {
    const attemptsPerDay = (play: (scene: Scene) => void): number => {
      const scene = new Scene();
      scene.client.start();
      while (scene.clock.now < 86_400_000) {
        if (!scene.link.closed) play(scene);
        scene.clock.advance(Math.max(1, scene.clock.nextAt - scene.clock.now));
      }
      return scene.transport.connections.length;
    };
    const opened = (scene: Scene): void => {
      scene.link.open();
      scene.link.drain();
    };
    const acceptsAndCloses = attemptsPerDay((scene) => {
      opened(scene);
      scene.link.data(connack());
      scene.link.drop();
    });
    const refuses = attemptsPerDay((scene) => {
      opened(scene);
      scene.link.data(connack(false, 5));
    });
    const silent = attemptsPerDay((scene) => {
      if (scene.link.written.length === 0) opened(scene);
    });
    const down = attemptsPerDay((scene) => {
      scene.link.drop();
    });
    for (const count of [acceptsAndCloses, refuses, silent, down]) {
      expect(count).toBeGreaterThan(140);
      expect(count).toBeLessThan(250);
    }
  });

  it("counts bytes, and tells each attempt that failed", () => {
    const scene = new Scene().connect();
    scene.link.drop();
    waits(scene, 3);
    expect(scene.client.bytesSent).toBe(scene.transport.connections[0]!.written.length);
    expect(scene.client.bytesSent).toBe(39);
    expect(scene.closed.slice(1)).toEqual([ErrorCode.MQTT_CONNECT_FAILED, ErrorCode.MQTT_CONNECT_FAILED]);
  });
});

describe("a hundred clients whose broker restarts", () => {
  it("come back spread over the first wait, and no two waits are alike", () => {
    const returns = Array.from({ length: 100 }, (_, device) => {
      // As lib/app makes it: a CRC of the device id among others.
      const scene = new Scene({ jitterSeed: crc32(`dev${device}`) }).connect();
      scene.clock.advance(120_000 - 30_000);
      return waits(scene, 1)[0]!;
    });
    expect(new Set(returns.map((ms) => Math.round(ms))).size).toBeGreaterThan(95);
    const perHalfSecond = new Array<number>(10).fill(0);
    for (const ms of returns) perHalfSecond[Math.floor((ms - 5000) / 500)]!++;
    expect(Math.max(...perHalfSecond)).toBeLessThanOrEqual(20);
    expect(Math.min(...perHalfSecond)).toBeGreaterThanOrEqual(3);
  });
});

/** Seeds as devices make them (lib/app/identity.ts), from id, boot counter and key; some have no key. */
function deviceSeed(device: number, boots: number, hasKey: boolean): number {
  const name = `frost${String(device).padStart(7, "0")}`;
  const key = hasKey ? createHash("sha256").update(`key of ${name}`).digest() : new Uint8Array(0);
  const rest = {
    incarnation: 1,
    host: "broker",
    port: 1883,
    password: "",
    ackMode: AckMode.PUBACK,
    network: "",
    networkPassword: "",
    updateSequence: 0,
  };
  return jitterSeed({ device: name, key: new Uint8Array(key), ...rest }, boots);
}

/** Times of a device's attempts after a broker that it was connected to goes away, until one succeeds. */
function attempts(seed: number, downMs: number): number[] {
  const scene = new Scene({ jitterSeed: seed, retry: { minMs: 5000, maxMs: 600_000 } }).connect();
  scene.clock.advance(90_000);
  const gone = scene.clock.now;
  const times: number[] = [];
  scene.link.drop();
  for (;;) {
    const before = scene.transport.connections.length;
    while (scene.transport.connections.length === before) scene.clock.advance(scene.clock.nextAt - scene.clock.now);
    times.push(scene.clock.now - gone);
    if (scene.clock.now - gone >= downMs) return times;
    scene.link.drop();
  }
}

/** The most that fall into any window of this length. */
function busiest(times: readonly number[], windowMs: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.max(...sorted.map((from, i) => sorted.slice(i).filter((time) => time < from + windowMs).length));
}

describe.each([
  ["with keys, at their first boot", 1, true],
  ["with keys, at their hundredth boot", 100, true],
  ["without keys, at their first boot", 1, false],
  ["without keys, at their second boot", 2, false],
])("a hundred devices as they are provisioned, %s", (_name, boots, hasKey) => {
  const DEVICES = 100;
  const all = (downMs: number): number[][] =>
    Array.from({ length: DEVICES }, (_, device) => attempts(deviceSeed(device + 1, boots, hasKey), downMs));

  it("come back to a broker that restarts within ten seconds, and no second sees more than two fifths of them", () => {
    const returns = all(0).map((times) => times[0]!);
    expect(Math.min(...returns)).toBeGreaterThanOrEqual(5000);
    expect(Math.max(...returns)).toBeLessThan(10_000);
    expect(busiest(returns, 1000)).toBeLessThanOrEqual(DEVICES * 0.4);
    expect(new Set(returns.map(Math.round)).size).toBeGreaterThan(90);
  });

  it("leave a broker that is down for two hours in peace, and come back to it within the ceiling, one by one", () => {
    const downMs = 2 * 3_600_000;
    const runs = all(downMs);
    for (const times of runs) {
      // 5 to 10 s, 10 to 20 s, ... up to 300 to 600 s: seven waits, and then one every 450 s in the mean.
      expect(times.length).toBeGreaterThan(15);
      expect(times.length).toBeLessThan(32);
      times.slice(1).forEach((time, i) => expect(time - times[i]!).toBeLessThanOrEqual(600_000));
    }
    const returns = runs.map((times) => times.at(-1)! - downMs);
    expect(Math.max(...returns)).toBeLessThanOrEqual(600_000);
    expect(busiest(returns, 1000)).toBeLessThanOrEqual(4);
    expect(busiest(returns, 60_000)).toBeLessThan(DEVICES / 3);
    // Once the waits are long, their sum over all devices is a steady trickle.
    const late = runs.flat().filter((time) => time > 1_800_000 && time < downMs);
    expect(busiest(late, 1000)).toBeLessThanOrEqual(6);
  });
});
