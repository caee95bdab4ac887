import { describe, expect, it } from "vitest";
import { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import type { FlashOutbox, FlashOutboxOptions } from "../../lib/outbox/flash-outbox.js";
import { OverflowPolicy, Priority } from "../../lib/outbox/outbox.js";
import { ESP32_FLASH, SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { openOutbox } from "../../scripts/simulate/powercut/outbox-subject.js";
import { drain, outboxContract, recordOf } from "../contract/outbox.js";

const OPTIONS: FlashOutboxOptions = {
  freshIncarnation: 4711,
  normalPolicy: OverflowPolicy.DROP_OLDEST,
  alarmPolicy: OverflowPolicy.DROP_OLDEST,
};

function flashOf(pageCount: number, pageBytes = 1024): SimulatedFlash {
  return new SimulatedFlash({ ...ESP32_FLASH, pageBytes, pageCount });
}

function fill(outbox: FlashOutbox, priority: Priority, count: number, length = 16): void {
  for (let i = 0; i < count; i++) expect(outbox.append(priority, recordOf(i, length), length)).toBeGreaterThan(0);
}

describe("FlashOutbox", () => {
  outboxContract(({ normal, alarm }) =>
    openOutbox(flashOf(8), { ...OPTIONS, normalPolicy: normal, alarmPolicy: alarm }),
  );

  describe("with 4,096-byte pages", () => {
    outboxContract(({ normal, alarm }) =>
      openOutbox(flashOf(7, 4096), { ...OPTIONS, normalPolicy: normal, alarmPolicy: alarm }),
    );
  });

  it("is not volatile, and takes its incarnation from the flash", () => {
    const flash = flashOf(6);
    const first = openOutbox(flash, OPTIONS);
    expect([first.volatile, first.formatted, first.incarnation]).toEqual([false, true, 4711]);
    const second = openOutbox(flash, { ...OPTIONS, freshIncarnation: 9 });
    expect([second.formatted, second.incarnation]).toEqual([false, 4711]);
    flash.restore(flashOf(6).snapshot());
    const third = openOutbox(flash, { ...OPTIONS, freshIncarnation: 9 });
    expect([third.formatted, third.incarnation]).toEqual([true, 9]);
  });

  it.each([14, 15, 16])("keeps 2,000 results of %i bytes in 14 pages right after an eviction", (length) => {
    const outbox = openOutbox(flashOf(16, 4096), OPTIONS);
    let before = 0;
    let least = Infinity;
    for (let i = 0; i < 6000; i++) {
      outbox.append(Priority.NORMAL, recordOf(i, length), length);
      if (outbox.evicted(Priority.NORMAL) > before) least = Math.min(least, outbox.waiting(Priority.NORMAL));
      before = outbox.evicted(Priority.NORMAL);
    }
    expect(before).toBeGreaterThan(0);
    expect(least).toBeGreaterThanOrEqual(2000);
    expect(drain(outbox, Priority.NORMAL).length).toBe(outbox.waiting(Priority.NORMAL));
  });

  it("keeps them also while every tenth record is an alarm that is delivered at once", () => {
    const outbox = openOutbox(flashOf(16, 4096), OPTIONS);
    let before = 0;
    let least = Infinity;
    for (let i = 1; i < 6000; i++) {
      const alarm = i % 10 === 0;
      const sequence = outbox.append(alarm ? Priority.ALARM : Priority.NORMAL, recordOf(i), 16);
      if (alarm) outbox.acknowledge(Priority.ALARM, sequence);
      if (outbox.evicted(Priority.NORMAL) > before) least = Math.min(least, outbox.waiting(Priority.NORMAL));
      before = outbox.evicted(Priority.NORMAL);
    }
    expect(least).toBeGreaterThanOrEqual(2000);
  });

  it("comes back after every restart with the same records, counts and next sequence", () => {
    const flash = flashOf(8);
    let outbox = openOutbox(flash, OPTIONS);
    for (let i = 1; i <= 1200; i++) {
      const priority = i % 9 === 0 ? Priority.ALARM : Priority.NORMAL;
      expect(outbox.append(priority, recordOf(i, 1 + (i % 40)), 1 + (i % 40))).toBe(i);
      if (i % 4 === 0) {
        const first = drain(outbox, priority).slice(0, 3).pop();
        if (first !== undefined) outbox.acknowledge(priority, first[0]);
      }
      const again = openOutbox(flash, OPTIONS);
      for (const each of [Priority.NORMAL, Priority.ALARM]) {
        expect(drain(again, each)).toEqual(drain(outbox, each));
        expect(again.waiting(each)).toBe(outbox.waiting(each));
        expect(again.evicted(each)).toBe(outbox.evicted(each));
      }
      expect(again.takeError()).toBe(ErrorCode.OK);
      if (i % 3 === 0) outbox = again;
    }
  });

  it("keeps the sequence while everything is delivered, through any number of restarts", () => {
    const flash = flashOf(6);
    for (let i = 1; i <= 400; i++) {
      const outbox = openOutbox(flash, OPTIONS);
      expect(outbox.append(i % 50 === 0 ? Priority.ALARM : Priority.NORMAL, recordOf(i), 16)).toBe(i);
      outbox.acknowledge(Priority.NORMAL, i);
      outbox.acknowledge(Priority.ALARM, i);
    }
    expect(openOutbox(flash, OPTIONS).append(Priority.ALARM, recordOf(1), 16)).toBe(401);
  });

  it("wears its pages evenly, and spends one erase on 185 records", () => {
    const flash = flashOf(16, 4096);
    const outbox = openOutbox(flash, OPTIONS);
    fill(outbox, Priority.NORMAL, 20_000);
    fill(outbox, Priority.ALARM, 3_000);
    const normal = flash.eraseCounts.slice(2, 14);
    const alarm = flash.eraseCounts.slice(14);
    for (const counts of [normal, alarm]) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(normal.reduce((a, b) => a + b)).toBe(Math.ceil(20_000 / 185));
  });

  it("opens with few reads, full or empty", () => {
    const flash = flashOf(16, 4096);
    const outbox = openOutbox(flash, OPTIONS);
    fill(outbox, Priority.NORMAL, 2400);
    flash.restore(flash.snapshot());
    const full = openOutbox(flash, OPTIONS);
    expect(flash.reads).toBeLessThan(80);
    expect(flash.operations).toBe(0);
    full.acknowledge(Priority.NORMAL, 2400);
    flash.restore(flash.snapshot());
    expect(openOutbox(flash, OPTIONS).waiting(Priority.NORMAL)).toBe(0);
    expect(flash.reads).toBeLessThan(60);
  });

  it("refuses flash with too few pages for its two classes", () => {
    const flash = new SimulatedFlash({ ...ESP32_FLASH, pageCount: 5 });
    expect(() => openOutbox(flash, OPTIONS)).toThrow(DeviceError);
  });

  it("is silent about foreign bytes it never used, and formats over them", () => {
    const flash = flashOf(6);
    for (let i = 0; i < flash.image.length; i++) flash.image[i] = (i * 2654435761) >>> 24;
    const outbox = openOutbox(flash, OPTIONS);
    expect(outbox.formatted).toBe(true);
    fill(outbox, Priority.NORMAL, 100);
    expect(drain(outbox, Priority.NORMAL).length).toBe(outbox.waiting(Priority.NORMAL));
    expect(drain(openOutbox(flash, OPTIONS), Priority.NORMAL)).toEqual(drain(outbox, Priority.NORMAL));
  });
});
