import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextWaitMs, type Backoff } from "../../lib/mqtt/backoff.js";
import { ErrorCode } from "../../lib/core/error-code.js";
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
