import { decode } from "cbor-x";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CborWriter } from "../../lib/core/cbor-writer.js";
import { Priority } from "../../lib/outbox/outbox.js";
import { AckMode } from "../../lib/uplink/delivery.js";
import { RESULTS, STATUS } from "../../lib/uplink/topics.js";
import { ramOutbox } from "../support/ram-outbox.js";
import { UplinkHarness } from "./harness.js";

test("records made offline wait, and leave in order once connected", () => {
  const it = new UplinkHarness();
  for (let i = 0; i < 25; i++) {
    it.clock.advance(60_000);
    it.report(i - 128);
  }
  expect(it.messenger.published).toEqual([]);
  it.connect();
  while (it.uplink.waiting() > 0) it.acknowledgeAll();
  const messages = it.results();
  expect(messages.map((message) => message[2])).toEqual([1, 24]);
  expect(messages.flatMap((message) => message[7].map((record) => record.get(2)))).toEqual(
    Array.from({ length: 25 }, (_, i) => i / 256),
  );
});

test("a message says who, when and by which model", () => {
  const it = new UplinkHarness();
  it.clock.advance(120_000);
  it.report(0);
  it.clock.advance(60_000);
  it.report(64);
  it.clock.advance(5_000);
  it.connect();
  const [message] = it.results();
  expect(message!.slice(0, 7)).toEqual([1, 7, 1, 3, 0xdeadbeef, 2, 185]);
  expect(message![7]).toEqual([
    new Map<number, unknown>([
      [-2, "frost/risk"],
      [-24, 120],
      [2, 0.5],
    ]),
    new Map([
      [2, 0.75],
      [-23, 60],
    ]),
  ]);
});

test("online, a record waits for a full batch or for its age, and no longer", () => {
  const it = new UplinkHarness({ batchRecords: 3, batchAgeMs: 600_000 });
  it.clock.advance(1);
  it.connect();
  it.acknowledgeAll();
  it.clock.advance(60_000);
  it.report(0);
  it.clock.advance(590_000);
  expect(it.results()).toHaveLength(0);
  it.clock.advance(20_000);
  expect(it.results()).toHaveLength(1);
  it.acknowledgeAll();
  for (let i = 0; i < 3; i++) it.report(i);
  expect(it.results()).toHaveLength(2);
  it.report(4);
  expect(it.results()).toHaveLength(2);
});

test("an alarm goes at once and before what waits", () => {
  const it = new UplinkHarness();
  for (let i = 0; i < 12; i++) it.report(i);
  it.report(127, Priority.ALARM);
  it.connect();
  const first = it.results()[0]!;
  expect([first[2], first[7][0]!.get(-21)]).toEqual([13, 1]);
  it.acknowledgeAll();
  it.acknowledgeAll();
  const before = it.results().length;
  it.report(126, Priority.ALARM);
  expect(it.results()).toHaveLength(before + 1);
});

test("sequences that alarms took from the normal class appear as steps", () => {
  const it = new UplinkHarness();
  it.report(1);
  it.report(2, Priority.ALARM);
  it.report(3);
  it.connect();
  const normal = it.results()[1]!;
  expect(normal[2]).toBe(1);
  expect(normal[7].map((record) => record.get(-22))).toEqual([undefined, 2]);
});

test("outputs are named one by one where a message has several", () => {
  const it = new UplinkHarness({ outputs: ["risk", "wind"] });
  it.report(0, Priority.NORMAL, 0);
  it.report(64, Priority.NORMAL, 1);
  it.connect();
  const [message] = it.results();
  expect(message![7].map((record) => [record.get(-2), record.get(0)])).toEqual([
    ["frost/", "risk"],
    [undefined, "wind"],
  ]);
});

test("a lost connection leaves what was not acknowledged in the outbox", () => {
  const it = new UplinkHarness();
  for (let i = 0; i < 5; i++) it.report(i);
  it.connect();
  it.messenger.online = false;
  expect(it.uplink.waiting()).toBe(5);
  it.acknowledgeAll();
  expect(it.uplink.waiting()).toBe(0);
});

test("with ack: collector, silence after PUBACK sends everything again", () => {
  const it = new UplinkHarness({ ackMode: AckMode.COLLECTOR });
  for (let i = 0; i < 3; i++) it.report(i);
  it.connect();
  it.acknowledgeAll();
  expect([it.uplink.waiting(), it.results().length]).toEqual([3, 1]);
  it.clock.advance(75_000);
  expect(it.results()).toHaveLength(2);
  it.acknowledgeAll();
  const ack = new CborWriter(new Uint8Array(32));
  ack.array(4);
  for (const value of [1, 7, 3, 0]) ack.number(value);
  it.messenger.receive("sertao/v1/frost1/ack", ack.bytes.slice(0, ack.length));
  expect(it.uplink.waiting()).toBe(0);
});

test("one message of a class is under way at a time, and an ack below its end changes nothing", () => {
  const it = new UplinkHarness({ ackMode: AckMode.COLLECTOR });
  for (let i = 0; i < 30; i++) it.report(i);
  it.connect();
  it.acknowledgeAll();
  expect(it.results().map((message) => message[2])).toEqual([1]);
  const answer = (normal: number): void => {
    const ack = new CborWriter(new Uint8Array(32));
    ack.array(4);
    for (const value of [1, 7, normal, 0]) ack.number(value);
    it.messenger.receive("sertao/v1/frost1/ack", ack.bytes.slice(0, ack.length));
  };
  answer(22);
  expect(it.uplink.waiting()).toBe(30);
  answer(23);
  expect(it.uplink.waiting()).toBe(7);
  expect(it.results().map((message) => message[2])).toEqual([1, 24]);
});

test("an ack above what was sent confirms what was sent, and no more", () => {
  const it = new UplinkHarness({ ackMode: AckMode.COLLECTOR });
  for (let i = 0; i < 30; i++) it.report(i);
  it.connect();
  const ack = new CborWriter(new Uint8Array(32));
  ack.array(4);
  for (const value of [1, 7, 99, 99]) ack.number(value);
  it.messenger.receive("sertao/v1/frost1/ack", ack.bytes.slice(0, ack.length));
  expect(it.uplink.waiting()).toBe(7);
});

test("connecting again soon after a status says no more than that the device is there", () => {
  const it = new UplinkHarness();
  it.clock.advance(10);
  it.connect();
  it.acknowledgeAll();
  it.messenger.online = false;
  it.clock.advance(60_000);
  it.connect();
  expect(it.messenger.published.map(({ payload }) => payload.length)).toEqual([expect.any(Number), 5]);
  expect([...it.messenger.published[1]!.payload]).toEqual([0xa2, 0, 1, 1, 1]);
  expect(it.messenger.published[1]!.retain).toBe(true);
});

test("a foreign, newer, truncated or absurd ack changes nothing", () => {
  const it = new UplinkHarness({ ackMode: AckMode.COLLECTOR });
  for (let i = 0; i < 3; i++) it.report(i);
  it.connect();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 32 }), (payload) => {
      it.messenger.receive("sertao/v1/frost1/ack", payload);
      expect(it.uplink.waiting()).toBe(3);
    }),
  );
  for (const values of [
    [1, 8, 3, 0],
    [2, 7, 3, 0],
    [1, 7, 2, 9],
  ]) {
    const ack = new CborWriter(new Uint8Array(32));
    ack.array(4);
    for (const value of values) ack.number(value);
    it.messenger.receive("sertao/v1/frost1/ack", ack.bytes.slice(0, ack.length));
    expect(it.uplink.waiting()).toBe(3);
  }
});

test("status tells the boot, the model, what waits and what went wrong", () => {
  const it = new UplinkHarness();
  // A sensor that stays away is told once, and leaves room for the others.
  for (let i = 0; i < 20; i++) it.uplink.noteError(701);
  it.uplink.noteError(706);
  it.report(1);
  it.connect();
  const status = it.messenger.published[0]!;
  expect([status.topic, status.retain, status.qos]).toEqual(["sertao/v1/frost1/status", true, 1]);
  expect(status.payload.length).toBeLessThanOrEqual(STATUS.maxBytes);
  const decoded = decode(status.payload) as Record<string, unknown>;
  expect(decoded["1"]).toBe(1);
  expect(decoded["5"]).toBe("test 1.0.0");
  expect(decoded["7"]).toEqual([0xdeadbeef, 2]);
  expect(decoded["11"]).toBe(1);
  expect(decoded["14"]).toEqual([701, 706]);
});

test("status is repeated by period, and soon again when the window was full", () => {
  const it = new UplinkHarness({ statusPeriodMs: 3_600_000 });
  it.clock.advance(10);
  it.connect();
  it.acknowledgeAll();
  it.clock.advance(3_620_000);
  expect(it.messenger.published).toHaveLength(2);
  it.messenger.window = 0;
  it.acknowledgeAll();
  it.clock.advance(3_620_000);
  expect(it.messenger.published).toHaveLength(2);
  it.messenger.window = 4;
  it.clock.advance(10_000);
  expect(it.messenger.published).toHaveLength(3);
});

test("whatever is reported, lost and acknowledged: each record leaves once between acknowledgements, in order, within size", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("report" as const), value: fc.integer({ min: -128, max: 127 }), alarm: fc.boolean() }),
    fc.record({ do: fc.constantFrom("connect" as const, "lose" as const, "answer" as const, "wait" as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const it = new UplinkHarness({}, ramOutbox(1 << 16));
      const made: number[][] = [[], []];
      for (const action of steps) {
        if (action.do === "report") {
          const priority = action.alarm ? Priority.ALARM : Priority.NORMAL;
          made[priority]!.push(it.report(action.value, priority));
        } else if (action.do === "connect") it.connect();
        else if (action.do === "lose") it.messenger.online = false;
        else if (action.do === "answer") it.acknowledgeAll();
        else it.clock.advance(300_000);
      }
      it.connect();
      for (let i = 0; i < 100 && it.uplink.waiting() > 0; i++) {
        it.acknowledgeAll();
        it.clock.advance(700_000);
      }
      const sent: number[][] = [[], []];
      for (const [, , first, , , , , records] of it.results()) {
        let sequence = first - 1;
        for (const record of records) {
          sequence += Number(record.get(-22) ?? 1);
          sent[Number(record.get(-21) ?? 0)]!.push(sequence);
        }
      }
      expect(sent).toEqual(made);
      for (const { payload } of it.messenger.published) expect(payload.length).toBeLessThanOrEqual(RESULTS.maxBytes);
    }),
  );
});
