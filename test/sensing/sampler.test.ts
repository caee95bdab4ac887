import { expect, test } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { Sampler } from "../../lib/sensing/sampler.js";
import type { Sensor } from "../../lib/sensing/sensor.js";
import { VirtualClock } from "../support/virtual-clock.js";

const ignore = (): void => undefined;

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
  new Sampler(clock, [sensor("a", () => 1)], 1000, () => at.push(clock.nowMs()), ignore).start(clock.nowMs());
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
    ignore,
  );
  sampler.start(clock.nowMs());
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
  const failures: ErrorCode[] = [];
  const values = [20, 55.5, 61, NaN, 21];
  const sampler = new Sampler(
    clock,
    [sensor("bad", () => values.shift()!), sensor("good", () => 7)],
    1000,
    (sample) => samples.push([...sample]),
    (code) => failures.push(code),
  );
  sampler.start(clock.nowMs());
  clock.advance(4000);
  expect(samples).toEqual([
    [20, 7],
    [NaN, 7],
    [NaN, 7],
    [NaN, 7],
    [21, 7],
  ]);
  expect(sampler.failures).toBe(3);
  expect(failures).toEqual([ErrorCode.SENSOR_FAILED, ErrorCode.SENSOR_OUT_OF_RANGE, ErrorCode.SENSOR_OUT_OF_RANGE]);
});

test("says of each sensor why it failed, also where several do at once", () => {
  const clock = new VirtualClock();
  const failures: ErrorCode[] = [];
  const failing = (code: ErrorCode): Sensor => ({ ...sensor("any", () => 1), read: () => code });
  const sensors = [failing(ErrorCode.BUS_NO_ACK), sensor("good", () => 7), failing(ErrorCode.SENSOR_CHECKSUM)];
  new Sampler(clock, sensors, 1000, ignore, (code) => failures.push(code)).start(clock.nowMs());
  expect(failures).toEqual([ErrorCode.BUS_NO_ACK, ErrorCode.SENSOR_CHECKSUM]);
});

test("stop ends sampling and closes the sensors", () => {
  const clock = new VirtualClock();
  let closed = 0;
  const watched = { ...sensor("a", () => 1), close: () => closed++ };
  const sampler = new Sampler(clock, [watched], 1000, ignore, ignore);
  sampler.start(clock.nowMs());
  sampler.stop();
  clock.advance(5000);
  expect([sampler.taken, closed, clock.pending]).toEqual([1, 1, 0]);
});

test("measurements begin together at the time due, and the sample is taken when the slowest is ready", () => {
  const clock = new VirtualClock();
  const events: string[] = [];
  const slow = (name: string, waitMs: number): Sensor => ({
    ...sensor(name, () => {
      events.push(`${name} read ${clock.nowMs()}`);
      return 1;
    }),
    start: () => {
      events.push(`${name} start ${clock.nowMs()}`);
      return waitMs;
    },
  });
  const sensors = [slow("a", 9), slow("b", 750), slow("c", 0)];
  const sampler = new Sampler(clock, sensors, 1000, () => events.push(`sample ${clock.nowMs()}`), ignore);
  sampler.start(clock.nowMs());
  clock.advance(1000);
  const first = ["a start 0", "b start 0", "c start 0", "a read 750", "b read 750", "c read 750", "sample 750"];
  expect(events).toEqual([...first, "a start 1000", "b start 1000", "c start 1000"]);
  sampler.stop();
  clock.advance(5000);
  expect(events.length).toBe(10);
  expect(sampler.taken).toBe(1);
});

test("a measurement longer than the period costs samples, which are counted and told", () => {
  const clock = new VirtualClock();
  const failures: ErrorCode[] = [];
  const slow = { ...sensor("a", () => 1), start: () => 2500 };
  const sampler = new Sampler(clock, [slow], 1000, ignore, (code) => failures.push(code));
  sampler.start(clock.nowMs());
  clock.advance(9000);
  expect(sampler.taken).toBe(3);
  expect(sampler.missed).toBe(6);
  expect(failures).toEqual(Array(6).fill(ErrorCode.SAMPLE_MISSED));
});

test("says how late each measurement began, and what was missed between", () => {
  let nowMs = 0;
  let next = { dueMs: 0, run: (): void => undefined };
  const clock = {
    nowMs: () => nowMs,
    after: (delayMs: number, run: () => void) => {
      next = { dueMs: nowMs + delayMs, run };
      return 1;
    },
    cancel: () => undefined,
  };
  const late: number[] = [];
  const missed: number[] = [];
  // Something else holds the device up for that long after each sample.
  const busyMs = [0, 1007, 0, 3210, 0, 0];
  const sampler: Sampler = new Sampler(
    clock,
    [sensor("a", () => 1)],
    1000,
    () => {
      late.push(sampler.lateMs);
      missed.push(sampler.missed);
      nowMs += busyMs.shift()!;
    },
    ignore,
  );
  sampler.start(clock.nowMs());
  for (let i = 0; i < 5; i++) {
    nowMs = Math.max(nowMs, next.dueMs);
    next.run();
  }
  expect(late).toEqual([0, 0, 7, 0, 2210, 0]);
  expect(missed).toEqual([0, 0, 0, 0, 2, 2]);
});
