import { expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import type { Outbox } from "../../lib/outbox/outbox.js";
import { OverflowPolicy, Priority } from "../../lib/outbox/outbox.js";

/** What the suite asks of an implementation: a fresh, small outbox, full after at most 1,000 records of 16 bytes. */
export interface OutboxMaker {
  (policies: { normal: OverflowPolicy; alarm: OverflowPolicy }): Outbox;
}

const DROP = { normal: OverflowPolicy.DROP_OLDEST, alarm: OverflowPolicy.DROP_OLDEST };
const REJECT = { normal: OverflowPolicy.REJECT_NEW, alarm: OverflowPolicy.REJECT_NEW };

/** A record that shows its number: `length` bytes that depend on it. */
export function recordOf(number: number, length = 16): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (number * 31 + i * 7 + (number >>> 8)) & 255);
}

/** Everything that waits, as [sequence, hex] pairs, in the order of delivery. */
export function drain(outbox: Outbox, priority: Priority, from = 0): [number, string][] {
  const records: [number, string][] = [];
  outbox.read(priority, from, (sequence, bytes, start, end) => {
    records.push([sequence, Buffer.from(bytes.slice(start, end)).toString("hex")]);
    return true;
  });
  return records;
}

/** The promises that every outbox keeps. */
export function outboxContract(make: OutboxMaker): void {
  const add = (outbox: Outbox, priority: Priority, number: number, length = 16): number =>
    outbox.append(priority, recordOf(number, length), length);
  const hex = (number: number, length = 16): string => Buffer.from(recordOf(number, length)).toString("hex");

  it("begins empty, with sequence 1", () => {
    const outbox = make(DROP);
    for (const priority of [Priority.NORMAL, Priority.ALARM]) {
      expect(outbox.waiting(priority)).toBe(0);
      expect(outbox.evicted(priority)).toBe(0);
      expect(drain(outbox, priority)).toEqual([]);
    }
    expect(outbox.takeError()).toBe(ErrorCode.OK);
    expect(add(outbox, Priority.NORMAL, 1)).toBe(1);
  });

  it("gives back what it took, oldest first, from one sequence shared by both classes", () => {
    const outbox = make(DROP);
    for (let i = 1; i <= 40; i++) {
      const priority = i % 7 === 0 ? Priority.ALARM : Priority.NORMAL;
      expect(add(outbox, priority, i, 1 + (i % 20))).toBe(i);
    }
    const all = Array.from({ length: 40 }, (_, i) => i + 1);
    expect(drain(outbox, Priority.ALARM)).toEqual(all.filter((i) => i % 7 === 0).map((i) => [i, hex(i, 1 + (i % 20))]));
    expect(drain(outbox, Priority.NORMAL)).toEqual(
      all.filter((i) => i % 7 !== 0).map((i) => [i, hex(i, 1 + (i % 20))]),
    );
    expect(outbox.waiting(Priority.ALARM)).toBe(5);
    expect(outbox.waiting(Priority.NORMAL)).toBe(35);
  });

  it("reads from a sequence on, also where that one is of the other class, and stops when told", () => {
    const outbox = make(DROP);
    for (let i = 1; i <= 30; i++) add(outbox, i % 5 === 0 ? Priority.ALARM : Priority.NORMAL, i);
    expect(drain(outbox, Priority.NORMAL, 25).map(([sequence]) => sequence)).toEqual([26, 27, 28, 29]);
    expect(drain(outbox, Priority.NORMAL, 31)).toEqual([]);
    const seen: number[] = [];
    outbox.read(Priority.NORMAL, 3, (sequence) => seen.push(sequence) < 2);
    expect(seen).toEqual([3, 4]);
  });

  it("drops what is acknowledged, cumulatively and in its class only", () => {
    const outbox = make(DROP);
    for (let i = 1; i <= 30; i++) add(outbox, i % 5 === 0 ? Priority.ALARM : Priority.NORMAL, i);
    outbox.acknowledge(Priority.NORMAL, 12);
    expect(drain(outbox, Priority.NORMAL)[0]).toEqual([13, hex(13)]);
    expect(outbox.waiting(Priority.NORMAL)).toBe(14);
    expect(outbox.waiting(Priority.ALARM)).toBe(6);
    outbox.acknowledge(Priority.NORMAL, 4);
    expect(outbox.waiting(Priority.NORMAL)).toBe(14);
    outbox.acknowledge(Priority.NORMAL, 30);
    expect(drain(outbox, Priority.NORMAL)).toEqual([]);
    expect(outbox.waiting(Priority.NORMAL)).toBe(0);
    expect(outbox.waiting(Priority.ALARM)).toBe(6);
    expect(add(outbox, Priority.NORMAL, 31)).toBe(31);
    expect(drain(outbox, Priority.NORMAL)).toEqual([[31, hex(31)]]);
  });

  it("ignores an acknowledgement of what it never gave out", () => {
    const outbox = make(DROP);
    add(outbox, Priority.NORMAL, 1);
    outbox.acknowledge(Priority.NORMAL, 2);
    outbox.acknowledge(Priority.NORMAL, 4294967295);
    expect(outbox.waiting(Priority.NORMAL)).toBe(1);
    outbox.acknowledge(Priority.ALARM, 1);
    expect(outbox.waiting(Priority.NORMAL)).toBe(1);
  });

  it("refuses records that are empty or too long, and goes on", () => {
    const outbox = make(DROP);
    const most = outbox.maxRecordBytes;
    expect(outbox.append(Priority.NORMAL, new Uint8Array(most + 1), most + 1)).toBe(-ErrorCode.OUTBOX_RECORD_TOO_BIG);
    expect(outbox.append(Priority.NORMAL, new Uint8Array(4), 0)).toBe(-ErrorCode.OUTBOX_RECORD_TOO_BIG);
    expect(add(outbox, Priority.NORMAL, 9, most)).toBe(1);
    expect(drain(outbox, Priority.NORMAL)).toEqual([[1, hex(9, most)]]);
  });

  it("takes only `length` bytes of a longer array", () => {
    const outbox = make(DROP);
    outbox.append(Priority.ALARM, recordOf(3, 32), 5);
    expect(drain(outbox, Priority.ALARM)).toEqual([[1, hex(3, 32).slice(0, 10)]]);
  });

  it("keeps records whose bytes are all ones or all zeros", () => {
    const outbox = make(DROP);
    for (const fill of [0xff, 0x00]) outbox.append(Priority.NORMAL, new Uint8Array(12).fill(fill), 12);
    expect(drain(outbox, Priority.NORMAL).map(([, bytes]) => bytes)).toEqual(["ff".repeat(12), "00".repeat(12)]);
  });

  it("evicts the oldest and counts them, class by class", () => {
    const outbox = make(DROP);
    add(outbox, Priority.ALARM, 1);
    for (let i = 2; i <= 1500; i++) expect(add(outbox, Priority.NORMAL, i)).toBe(i);
    expect(outbox.evicted(Priority.NORMAL)).toBeGreaterThan(0);
    expect(outbox.evicted(Priority.ALARM)).toBe(0);
    expect(outbox.waiting(Priority.NORMAL) + outbox.evicted(Priority.NORMAL)).toBe(1499);
    const kept = drain(outbox, Priority.NORMAL);
    expect(kept.length).toBe(outbox.waiting(Priority.NORMAL));
    expect(kept).toEqual(kept.map((_, i) => [1501 - kept.length + i, hex(1501 - kept.length + i)]));
    expect(drain(outbox, Priority.ALARM)).toEqual([[1, hex(1)]]);
  });

  it("rejects the new where it is told to, loses nothing, and takes records again after acknowledgements", () => {
    const outbox = make(REJECT);
    let taken = 0;
    while (taken < 1500 && add(outbox, Priority.NORMAL, taken + 1) > 0) taken++;
    expect(taken).toBeLessThan(1500);
    expect(add(outbox, Priority.NORMAL, 7)).toBe(-ErrorCode.OUTBOX_FULL);
    expect(outbox.evicted(Priority.NORMAL)).toBe(0);
    expect(add(outbox, Priority.ALARM, 7)).toBe(taken + 1);
    expect(drain(outbox, Priority.NORMAL).length).toBe(taken);
    outbox.acknowledge(Priority.NORMAL, taken);
    expect(add(outbox, Priority.NORMAL, 8)).toBe(taken + 2);
    expect(drain(outbox, Priority.NORMAL)).toEqual([[taken + 2, hex(8)]]);
  });

  it("goes round many times while it is drained in batches", () => {
    const outbox = make(REJECT);
    const delivered: number[] = [];
    for (let i = 1; i <= 5000; i++) {
      expect(add(outbox, i % 11 === 0 ? Priority.ALARM : Priority.NORMAL, i)).toBe(i);
      if (i % 25 !== 0) continue;
      for (const priority of [Priority.ALARM, Priority.NORMAL]) {
        const batch = drain(outbox, priority).slice(0, 30);
        for (const [sequence, bytes] of batch) {
          expect(bytes).toBe(hex(sequence));
          delivered.push(sequence);
        }
        if (batch.length > 0) outbox.acknowledge(priority, batch[batch.length - 1]![0]);
      }
    }
    expect(delivered.length).toBe(5000);
    expect(new Set(delivered).size).toBe(5000);
    expect(outbox.waiting(Priority.NORMAL) + outbox.waiting(Priority.ALARM)).toBe(0);
  });
}
