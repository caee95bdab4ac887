import { beforeEach, describe, expect, it } from "vitest";
import { ConnectionSchedule, type ConnectionRule } from "../../lib/app/connection-schedule.js";
import type { Radio } from "../../lib/hal/radio.js";
import type { MqttClient } from "../../lib/mqtt/client.js";
import { VirtualClock } from "../support/virtual-clock.js";

const HOUR_MS = 3_600_000;
const RULE: ConnectionRule = { everyMs: 2 * HOUR_MS, windowMs: 240_000, alarmEveryMs: 600_000 };

describe("when a device is connected", () => {
  let clock: VirtualClock;
  let idle: boolean;
  let alarm: boolean;
  let calls: [string, number][];

  let radio: Radio | undefined;
  const schedule = (rule: ConnectionRule): ConnectionSchedule => {
    const client = {
      start: () => void calls.push(["start", clock.nowMs()]),
      stop: () => void calls.push(["stop", clock.nowMs()]),
    } as unknown as MqttClient;
    return new ConnectionSchedule(
      clock,
      rule,
      client,
      radio,
      () => idle,
      () => alarm,
    );
  };

  beforeEach(() => {
    clock = new VirtualClock();
    idle = alarm = false;
    calls = [];
    radio = undefined;
  });

  it("stays connected where it is to", () => {
    schedule({ everyMs: 0, windowMs: 0, alarmEveryMs: 0 }).start();
    clock.advance(24 * HOUR_MS);
    expect(calls).toEqual([["start", 0]]);
    expect(clock.pending).toBe(0);
  });

  it("closes when everything is delivered, and an answer had time to come", () => {
    schedule(RULE).start();
    clock.advance(20_000);
    idle = true;
    clock.advance(10_000);
    expect(calls).toEqual([
      ["start", 0],
      ["stop", 24_000],
    ]);
    idle = false;
    clock.advance(2 * HOUR_MS - 30_000);
    idle = true;
    clock.advance(HOUR_MS);
    expect(calls.slice(2)).toEqual([
      ["start", 2 * HOUR_MS],
      ["stop", 2 * HOUR_MS + 6000],
    ]);
  });

  it("closes when its window is over, whatever waits", () => {
    schedule(RULE).start();
    clock.advance(2 * HOUR_MS - 1);
    expect(calls).toEqual([
      ["start", 0],
      ["stop", RULE.windowMs],
    ]);
  });

  it("opens at once for an alarm, and again and again while it waits", () => {
    const rule = schedule(RULE);
    idle = true;
    rule.start();
    clock.advance(HOUR_MS);
    calls = [];
    idle = false;
    alarm = true;
    rule.look();
    expect(calls).toEqual([["start", HOUR_MS]]);
    clock.advance(HOUR_MS - 1);
    expect(calls.filter(([what]) => what === "start")).toHaveLength(6);
    alarm = false;
    idle = true;
    clock.advance(3 * HOUR_MS);
    expect(calls.filter(([what]) => what === "start")).toHaveLength(7);
  });

  it("switches the radio with the connection: it joins first, and goes off when DISCONNECT has left", () => {
    let joined = (): void => undefined;
    radio = {
      on: (run) => {
        calls.push(["on", clock.nowMs()]);
        joined = run;
      },
      off: () => void calls.push(["off", clock.nowMs()]),
      isJoined: () => true,
    };
    schedule(RULE).start();
    clock.advance(5000);
    joined();
    clock.advance(10_000);
    idle = true;
    clock.advance(10_000);
    expect(calls).toEqual([
      ["on", 0],
      ["start", 5000],
      ["stop", 21_000],
      ["off", 24_000],
    ]);
    joined();
    expect(calls).toHaveLength(4);
  });

  it("keeps one timer", () => {
    const rule = schedule(RULE);
    rule.start();
    for (let i = 0; i < 100; i++) rule.look();
    expect(clock.pending).toBe(1);
  });
});
