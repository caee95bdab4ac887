import { createHmac } from "node:crypto";
import { Encoder } from "cbor-x";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CborReader } from "../../../../lib/core/cbor-reader.js";
import { CborWriter } from "../../../../lib/core/cbor-writer.js";
import { SenmlLabel } from "../../../../lib/uplink/labels.js";
import { RESULTS, TIME } from "../../../../lib/uplink/topics.js";
import { encodeAck } from "../../../../scripts/fleet/messages/ack.js";
import { decodeMessage, parseTopic, upTopics } from "../../../../scripts/fleet/messages/message.js";
import { Refusal } from "../../../../scripts/fleet/messages/refusal.js";
import { CLOCK_UNCERTAINTY_MS, encodeTime } from "../../../../scripts/fleet/messages/time.js";
import { senmlJson } from "../../../../scripts/fleet/messages/senml-json.js";

const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });
const cbor = (value: unknown): Uint8Array => Uint8Array.from(encoder.encode(value));

/** What the device's writer makes of a list of steps. */
function written(write: (writer: CborWriter) => void): Uint8Array {
  const writer = new CborWriter(new Uint8Array(RESULTS.maxBytes));
  write(writer);
  expect(writer.overflow).toBe(false);
  return writer.bytes.slice(0, writer.length);
}

const record = (...pairs: [number | string, unknown][]): Map<unknown, unknown> => new Map<unknown, unknown>(pairs);
const first = record([-2, "app/risk"], [-24, 90], [2, 1.5]);
const message = (pack: unknown[], ...rest: unknown[]): Uint8Array => cbor([1, 7, 10, 2, 5, 6, 100, pack, ...rest]);

describe("results", () => {
  it("reads what the device's writer wrote, for any values", () => {
    const u32 = fc.nat({ max: 0xffffffff });
    const records = fc.array(
      fc.record({
        value: fc.oneof(fc.constant(NaN), fc.float({ min: -(2 ** 31), max: 2 ** 31 })),
        after: fc.nat({ max: 9999 }),
        step: fc.integer({ min: 1, max: 300 }),
        alarm: fc.boolean(),
      }),
      { minLength: 1, maxLength: 23 },
    );
    fc.assert(
      fc.property(u32, u32, fc.nat({ max: 1e9 }), records, (incarnation, epoch, firstSequence, list) => {
        const bytes = written((writer) => {
          writer.array(8);
          for (const head of [1, incarnation, firstSequence, epoch, 0xfedcba98, 3, 4444]) writer.number(head);
          writer.array(list.length);
          list.forEach(({ value, after, step, alarm }, index) => {
            writer.map((index === 0 ? 2 : 0) + 3 + (alarm ? 1 : 0));
            if (index === 0) {
              writer.number(SenmlLabel.BASE_NAME);
              writer.text("app/risk");
              writer.number(SenmlLabel.BASE_EPOCH_TIME);
              writer.number(1000);
            }
            for (const [label, number] of [
              [SenmlLabel.VALUE, value],
              [SenmlLabel.EPOCH_TIME, after],
              [SenmlLabel.SEQUENCE_STEP, step],
            ]) {
              writer.number(label!);
              writer.number(number!);
            }
            if (alarm) {
              writer.number(SenmlLabel.PRIORITY);
              writer.number(1);
            }
          });
        });
        let sequence = firstSequence;
        expect(decodeMessage("results", bytes)).toEqual({
          kind: "results",
          incarnation,
          epoch,
          modelId: 0xfedcba98,
          modelVersion: 3,
          sentAtSec: 4444,
          records: list.map(({ value, after, step, alarm }, index) => ({
            sequence: index === 0 ? sequence : (sequence += step),
            priority: alarm ? 1 : 0,
            name: "app/risk",
            value: Number.isNaN(value) ? null : value === 0 ? 0 : value,
            epochSec: 1000 + after,
            unixSec: null,
          })),
        });
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it("carries base values on, ignores what a later version adds", () => {
    const pack = [first, record([2, 3], [-23, 4], [99, "later"]), record([-2, "app/"], [0, "b"], [2, 4], [-22, 5])];
    expect(decodeMessage("results", message(pack, "later"))).toMatchObject({
      records: [
        { sequence: 10, name: "app/risk", epochSec: 90 },
        { sequence: 11, name: "app/risk", epochSec: 94 },
        { sequence: 16, name: "app/b", epochSec: 90 },
      ],
    });
  });

  it("reads the time of a synchronised epoch", () => {
    const pack = [record([-2, "a"], [-3, 1_700_000_000], [2, 1]), record([6, 5.5], [2, 1])];
    expect(decodeMessage("results", message(pack))).toMatchObject({
      records: [{ unixSec: 1_700_000_000 }, { unixSec: 1_700_000_005.5 }],
    });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["another major version", cbor([2, 7, 2, 10, 5, 6, 100, [first]]), /version 2, not 1/],
    ["no array", cbor(first), /not an array/],
    ["too few items", cbor([1, 7, 2]), /8 or more/],
    ["an empty pack", message([]), /array of 1/],
    ["more than 32 records", message(Array.from({ length: 33 }, () => first)), /more than 32/],
    ["a negative incarnation", cbor([1, -7, 10, 2, 5, 6, 100, [first]]), /incarnation/],
    ["a fractional sequence", cbor([1, 7, 1.5, 2, 5, 6, 100, [first]]), /first sequence/],
    ["a sequence beyond 32 bits", cbor([1, 7, 2 ** 32, 2, 5, 6, 100, [first]]), /first sequence/],
    [
      "a sequence that overflows on the way",
      cbor([1, 7, 0xffffffff, 2, 5, 6, 100, [first, record([2, 1])]]),
      /sequence/,
    ],
    ["a sequence that repeats", message([first, record([2, 1], [-22, 0])]), /repeats/],
    ["no value", message([record([-2, "a"])]), /value/],
    ["a value of text", message([record([-2, "a"], [2, "1"])]), /value/],
    ["no name", message([record([2, 1])]), /name/],
    ["a name with an escape", message([record([-2, "a\u001b[2J"], [2, 1])]), /name/],
    ["a long name", message([record([-2, "a".repeat(200)], [2, 1])]), /name/],
    ["a third priority", message([record([-2, "a"], [2, 1], [-21, 2])]), /priority/],
    ["a relative time", message([record([-2, "a"], [2, 1], [6, 5])]), /time/],
    ["a time that is no number", message([record([-2, "a"], [2, 1], [6, NaN])]), /time/],
    ["a label that must be understood", message([record([-2, "a"], [2, 1], ["x_", 2])]), /understood/],
    ["a record that is a list", message([[1, 2]]), /map/],
    ["1,025 bytes", new Uint8Array(1025), /1024 at most/],
    ["bytes after the message", Uint8Array.from([...message([first]), 0]), /after/],
    ["an indefinite array", Uint8Array.from([0x9f, 1, 0xff]), /indefinite/],
    ["a tag", Uint8Array.from([0xc1, 1]), /tags/],
    ["an array of four billion", Uint8Array.from([0x9a, 255, 255, 255, 255]), /truncated/],
    ["deep nesting", new Uint8Array(500).fill(0x81), /deep/],
    ["nothing", new Uint8Array(0), /truncated/],
  ])("refuses %s", (_name, bytes, reason) => {
    expect(() => decodeMessage("results", bytes)).toThrow(Refusal);
    expect(() => decodeMessage("results", bytes)).toThrow(reason);
  });

  it("translates to SenML JSON with its own labels by name", () => {
    expect(senmlJson(message([first, record([2, NaN], [-23, 4], [-22, 2], [-21, 1], [99, 1])]))).toEqual([
      { bn: "app/risk", sertao_be: 90, v: 1.5 },
      { sertao_e: 4, sertao_q: 2, sertao_p: 1 },
    ]);
    expect(() => senmlJson(message([record([2, 1])]))).toThrow(Refusal);
  });
});

describe("status", () => {
  it("reads a will and a full status", () => {
    expect(decodeMessage("status", Uint8Array.from([0xa2, 0, 1, 1, 0]))).toEqual({ kind: "status", state: 0 });
    const full = record([0, 1], [1, 1], [2, 7], [3, 2], [4, 5], [5, "frost 1"], [6, "0.1"], [7, [9, 1]]);
    for (const [key, value] of [
      [8, [3, 4]],
      [9, 3300],
      [10, 2000],
      [11, 5],
      [12, 60],
      [13, "esp32"],
      [14, [308]],
      [15, 2],
      [16, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
      [17, [1_772_000_000, 40]],
      [77, 1],
    ] as const) {
      full.set(key, value);
    }
    expect(decodeMessage("status", cbor(full))).toEqual({
      kind: "status",
      state: 1,
      incarnation: 7,
      epoch: 2,
      resetReason: 5,
      application: "frost 1",
      runtime: "0.1",
      model: { id: 9, version: 1 },
      evicted: { normal: 3, alarm: 4 },
      supplyMillivolts: 3300,
      freeBytes: 2000,
      waiting: 5,
      epochSec: 60,
      board: "esp32",
      errors: [308],
      boots: 2,
      nonce: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      timed: { unixSec: 1_772_000_000, epochSec: 40 },
    });
  });

  it("takes the sting out of text that a terminal would obey", () => {
    const bytes = cbor(record([0, 1], [1, 1], [5, "a\u001b[2J\u202eb"]));
    expect(decodeMessage("status", bytes)).toMatchObject({ application: "a?[2J?b" });
  });

  it.each([
    ["a state it does not know", record([0, 1], [1, 3])],
    ["another version", record([0, 2], [1, 1])],
    ["no version", record([1, 1])],
    ["a model of one number", record([0, 1], [1, 1], [7, [1]])],
    ["a nonce of seven bytes", record([0, 1], [1, 1], [16, new Uint8Array(7)])],
    ["a nonce that is text", record([0, 1], [1, 1], [16, "12345678"])],
    ["an accepted time beyond 32 bits", record([0, 1], [1, 1], [17, [2 ** 32, 1]])],
  ])("refuses %s", (_name, value) => {
    expect(() => decodeMessage("status", cbor(value))).toThrow(Refusal);
  });
});

describe("other messages", () => {
  it("reads log, update/state and update/request", () => {
    expect(decodeMessage("log", cbor([1, 7, 2, 60, 1, "line", 3]))).toMatchObject({
      uptimeSec: 60,
      level: 1,
      dropped: 3,
    });
    expect(decodeMessage("update/state", cbor([1, 2, 3, 4, 5, 6]))).toMatchObject({ sequence: 2, total: 6 });
    expect(decodeMessage("update/request", cbor([1, 2, 3, 1, 5, 6]))).toMatchObject({ id: 2, part: 1, count: 6 });
    expect(() => decodeMessage("log", cbor([1, 7, 2, 60, 4, "line", 3]))).toThrow(/level/);
    expect(() => decodeMessage("nothing", cbor([1]))).toThrow(/not a topic/);
  });

  it("writes an ack that the device's reader takes", () => {
    const bytes = encodeAck(0xffffffff, { normal: 70000, alarm: 3 });
    const reader = new CborReader(bytes, 0, bytes.length);
    expect([reader.array(), reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()]).toEqual([
      4, 1, 0xffffffff, 70000, 3,
    ]);
    expect(reader.failed).toBe(false);
  });

  it("writes a time whose mac covers all that comes before it, for the device's reader", () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => i);
    const nonce = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2);
    const bytes = encodeTime(key, nonce, 1_772_000_000_123.9);
    const body = bytes.subarray(0, -17);
    const reader = new CborReader(bytes, 0, bytes.length);
    expect([reader.array(), reader.unsigned(), reader.scalar()]).toEqual([6, 1, nonce]);
    expect([reader.unsigned(), reader.unsigned(), reader.unsigned()]).toEqual([
      1_772_000_000,
      123,
      CLOCK_UNCERTAINTY_MS,
    ]);
    expect(reader.scalar()).toEqual(Uint8Array.from(createHmac("sha256", key).update(body).digest().subarray(0, 16)));
    expect([reader.failed, reader.at]).toEqual([false, bytes.length]);
    expect(bytes.length).toBeLessThanOrEqual(TIME.maxBytes);
    const other = encodeTime(key.toReversed(), nonce, 1_772_000_000_123);
    expect(other.subarray(-16)).not.toEqual(bytes.subarray(-16));
  });

  it("reads topics", () => {
    expect(parseTopic("sertao/v1/dev1/update/state")).toEqual({ device: "dev1", name: "update/state" });
    for (const path of ["sertao/v1/Dev/status", "sertao/v1/dev1", "other/v1/dev1/status", "sertao/v1//status"]) {
      expect(parseTopic(path)).toBeUndefined();
    }
  });

  it("throws nothing but refusals, whatever the bytes", () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.tuple(fc.nat(), fc.nat({ max: 255 })).map(([at, byte]) => {
        const bytes = message([first, record([2, 3], [-23, 4])]);
        bytes[at % bytes.length] = byte;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...upTopics), hostile, (topic, bytes) => {
        try {
          decodeMessage(topic.name, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
      { seed: 5, numRuns: 3000 },
    );
  });
});
