import { expect, test } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { Sampler } from "../../lib/sensing/sampler.js";
import type { Sensor } from "../../lib/sensing/sensor.js";
import { VirtualClock } from "../support/virtual-clock.js";

function sensor(name: string, read: () => number): Sensor {
  return {
    channels: [{ name, unit: "Cel", min: -40, max: 60 }],
    start: () => 0,
    read: (into, at) => {
      into[at] = read();
      return into[at] === 55.5 ? ErrorCode.SENSOR_FAILED : ErrorCode.OK;
    },
    close: () => undefined,
  };
}

test("samples at a fixed rate, the first at once", () => {
  const clock = new VirtualClock();
  const at: number[] = [];
  new Sampler(clock, [sensor("a", () => 1)], 1000, () => at.push(clock.nowMs())).start();
  clock.advance(3500);
  expect(at).toEqual([0, 1000, 2000, 3000]);
});

test("a late sample does not shift the next, and whole periods missed are counted, not caught up", () => {
  const clock = new VirtualClock();
  const at: number[] = [];
  let busyMs = 0;
  const sampler = new Sampler(
    clock,
    [
      sensor("slow", () => {
        clock.advance(busyMs);
        return 1;
      }),
    ],
    1000,
    () => at.push(clock.nowMs()),
  );
  sampler.start();
  busyMs = 2300;
  clock.advance(1000);
  busyMs = 0;
  clock.advance(3000);
  expect(at).toEqual([0, 3300, 4000, 5000, 6000]);
  expect(sampler.missed).toBe(2);
});

test("a failed sensor is NaN, counted and named; the others go on", () => {
  const clock = new VirtualClock();
  const samples: number[][] = [];
  const values = [20, 55.5, 61, NaN, 21];
  const sampler = new Sampler(clock, [sensor("bad", () => values.shift()!), sensor("good", () => 7)], 1000, (sample) =>
    samples.push([...sample]),
  );
  sampler.start();
  clock.advance(1000);
  expect(sampler.takeError()).toBe(ErrorCode.SENSOR_FAILED);
  clock.advance(3000);
  expect(samples).toEqual([
    [20, 7],
    [NaN, 7],
    [NaN, 7],
    [NaN, 7],
    [21, 7],
  ]);
  expect(sampler.failures).toBe(3);
  expect(sampler.takeError()).toBe(ErrorCode.SENSOR_OUT_OF_RANGE);
});

test("stop ends sampling and closes the sensors", () => {
  const clock = new VirtualClock();
  let closed = 0;
  const watched = { ...sensor("a", () => 1), close: () => closed++ };
  const sampler = new Sampler(clock, [watched], 1000, () => undefined);
  sampler.start();
  sampler.stop();
  clock.advance(5000);
  expect([sampler.taken, closed, clock.pending]).toEqual([1, 1, 0]);
});
