import { describe, expect, it } from "vitest";
import { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import { FlashOutbox } from "../../lib/outbox/flash-outbox.js";
import { OverflowPolicy, Priority } from "../../lib/outbox/outbox.js";
import { SeededRandom } from "../../scripts/readings/seeded-random.js";
import { ESP32_FLASH, SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { drain, recordOf } from "../contract/outbox.js";

const OPTIONS = {
  freshIncarnation: 4711,
  alarmPages: 2,
  normalPolicy: OverflowPolicy.DROP_OLDEST,
  alarmPolicy: OverflowPolicy.DROP_OLDEST,
};

const PAGE = 1024;

/** A log of `count` normal records over 1,024-byte pages: 44 records of 16 bytes each. */
function filled(count: number, pageCount = 6): SimulatedFlash {
  const flash = new SimulatedFlash({ ...ESP32_FLASH, pageBytes: PAGE, pageCount });
  const outbox = new FlashOutbox(flash, OPTIONS);
  for (let i = 1; i <= count; i++) outbox.append(Priority.NORMAL, recordOf(i), 16);
  return flash;
}

function survivors(flash: SimulatedFlash): { sequences: number[]; outbox: FlashOutbox } {
  const outbox = new FlashOutbox(flash, OPTIONS);
  const found = drain(outbox, Priority.NORMAL);
  for (const [sequence, bytes] of found) expect(bytes).toBe(Buffer.from(recordOf(sequence)).toString("hex"));
  return { sequences: found.map(([sequence]) => sequence), outbox };
}

describe("damage in the flash of an outbox", () => {
  it("costs a record its life where a bit of it rots, and no other, and is reported", () => {
    const whole = filled(120).snapshot();
    const flash = filled(1);
    let checked = 0;
    // Words of a record of the second page: its own, and its bytes.
    for (let at = PAGE + 40; at < PAGE + 40 + 60; at++) {
      flash.restore(whole);
      flash.image[at] = flash.image[at]! ^ 0x04;
      const { sequences, outbox } = survivors(flash);
      const missing = 120 - sequences.length;
      // A wrong length hides what follows it in its sector of 256 bytes: ten records here at the most.
      expect(missing).toBeGreaterThan(0);
      expect(missing).toBeLessThanOrEqual(at % 20 === 4 ? 10 : 1);
      expect(outbox.takeError()).toBe(ErrorCode.OUTBOX_DAMAGED);
      expect(outbox.takeError()).toBe(ErrorCode.OK);
      expect(outbox.append(Priority.NORMAL, recordOf(121), 16)).toBe(121);
      checked++;
    }
    expect(checked).toBe(60);
  });

  it("does not take one rotten bit of a mark for an acknowledgement", () => {
    const flash = filled(60);
    for (const bit of [0x10, 0x20, 0x40, 0x80]) {
      const before = flash.snapshot();
      flash.image[40 + 3] = flash.image[40 + 3]! & ~bit;
      expect(survivors(flash).sequences.length).toBe(60);
      flash.restore(before);
    }
  });

  it("costs a page where its head rots, and says so", () => {
    const flash = filled(150);
    flash.image[PAGE + 9] = flash.image[PAGE + 9]! ^ 1;
    const { sequences, outbox } = survivors(flash);
    expect(sequences.length).toBe(150 - 44);
    expect(outbox.takeError()).toBe(ErrorCode.OUTBOX_DAMAGED);
    expect(outbox.append(Priority.NORMAL, recordOf(151), 16)).toBe(151);
  });

  it("lets what is lost at the front wait no longer, so that a drained outbox is empty", () => {
    const flash = filled(100);
    flash.image.fill(0, 40, PAGE);
    const outbox = new FlashOutbox(flash, OPTIONS);
    outbox.acknowledge(Priority.NORMAL, 100);
    expect(outbox.waiting(Priority.NORMAL)).toBe(0);
    const second = filled(30);
    const late = new FlashOutbox(second, OPTIONS);
    second.image.fill(0, 40, PAGE);
    expect(late.waiting(Priority.NORMAL)).toBe(30);
    expect(drain(late, Priority.NORMAL)).toEqual([]);
    expect(late.waiting(Priority.NORMAL)).toBe(0);
    expect(late.takeError()).toBe(ErrorCode.OUTBOX_DAMAGED);
  });

  it("keeps clear of old sequences where all pages of a class are lost", () => {
    const flash = filled(100);
    const outbox = new FlashOutbox(flash, OPTIONS);
    outbox.append(Priority.ALARM, recordOf(101), 16);
    flash.image.fill(0, 0, 4 * PAGE);
    const { sequences, outbox: again } = survivors(flash);
    expect(sequences).toEqual([]);
    expect(again.takeError()).toBe(ErrorCode.OUTBOX_DAMAGED);
    expect(drain(again, Priority.ALARM).length).toBe(1);
    expect(again.append(Priority.NORMAL, recordOf(1), 16)).toBeGreaterThan(60_000);
  });

  it("passes over the pages of another life of the device", () => {
    const flash = filled(100);
    const other = new SimulatedFlash({ ...ESP32_FLASH, pageBytes: PAGE, pageCount: 6 });
    const stranger = new FlashOutbox(other, { ...OPTIONS, freshIncarnation: 99 });
    for (let i = 1; i <= 400; i++) stranger.append(Priority.ALARM, recordOf(i), 16);
    flash.image.set(other.image.subarray(4 * PAGE), 4 * PAGE);
    for (let life = 0; life < 3; life++) {
      const outbox = new FlashOutbox(flash, OPTIONS);
      expect([4711, 99]).toContain(outbox.incarnation);
      const before = outbox.waiting(Priority.NORMAL) + outbox.waiting(Priority.ALARM);
      expect(outbox.append(Priority.NORMAL, recordOf(7), 16)).toBeGreaterThan(0);
      expect(drain(outbox, Priority.NORMAL).length + drain(outbox, Priority.ALARM).length).toBe(before + 1);
    }
  });

  it("survives any bytes at all", () => {
    const flash = filled(150);
    const whole = flash.snapshot();
    const random = new SeededRandom(5);
    for (let round = 0; round < 400; round++) {
      flash.restore(whole);
      const from = random.below(flash.image.length);
      const count = 1 + random.below(round % 2 === 0 ? 40 : 3000);
      for (let i = from; i < Math.min(from + count, flash.image.length); i++) flash.image[i] = random.below(256);
      const { outbox } = survivors(flash);
      const sequence = outbox.append(Priority.NORMAL, recordOf(9), 16);
      expect(sequence).toBeGreaterThan(0);
      expect(drain(outbox, Priority.NORMAL).at(-1)![0]).toBe(sequence);
    }
  });

  it.each([0, 1, 9, 10, 11, 22, 43, 44, 60])(
    "goes on where the flash refuses a write once, after %i records",
    (count) => {
      const flash = filled(count);
      let refuse = false;
      const outbox = new FlashOutbox(
        {
          pageBytes: PAGE,
          pageCount: 6,
          writeUnitBytes: 4,
          rewritesPerWord: 8,
          read: (address, into, bytes) => flash.read(address, into, bytes),
          write: (address, bytes, length) => {
            if (refuse) throw new DeviceError(ErrorCode.FLASH_WRITE_FAILED, address);
            flash.write(address, bytes, length);
          },
          erasePage: (page) => flash.erasePage(page),
        },
        OPTIONS,
      );
      refuse = true;
      expect(outbox.append(Priority.NORMAL, recordOf(count + 1), 16)).toBe(-ErrorCode.FLASH_WRITE_FAILED);
      const delivered = Math.min(count, 3);
      outbox.acknowledge(Priority.NORMAL, delivered);
      expect(outbox.waiting(Priority.NORMAL)).toBe(count - delivered);
      refuse = false;
      for (let i = 1; i <= 30; i++) expect(outbox.append(Priority.NORMAL, recordOf(count + i), 16)).toBe(count + i);
      const expected = Array.from({ length: count + 30 - delivered }, (_, i) => delivered + i + 1);
      expect(drain(outbox, Priority.NORMAL).map(([sequence]) => sequence)).toEqual(expected);
      // The mark was refused too: after a restart those records may be sent again.
      const kept = survivors(flash).sequences;
      expect(kept.slice(-expected.length)).toEqual(expected);
      expect(kept).toEqual(kept.map((_, i) => kept[0]! + i));
    },
  );
});
