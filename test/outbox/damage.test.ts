import { describe, expect, it } from "vitest";
import { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import type { FlashOutbox } from "../../lib/outbox/flash-outbox.js";
import { OverflowPolicy, Priority } from "../../lib/outbox/outbox.js";
import { SeededRandom } from "../../scripts/readings/seeded-random.js";
import { ESP32_FLASH, SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { openOutbox } from "../../scripts/simulate/powercut/outbox-subject.js";
import { drain, recordOf } from "../contract/outbox.js";

const OPTIONS = {
  freshIncarnation: 4711,
  normalPolicy: OverflowPolicy.DROP_OLDEST,
  alarmPolicy: OverflowPolicy.DROP_OLDEST,
};

const PAGE = 1024;
/** Page heads, and a frame with a record of 16 bytes. */
const HEAD = 20;
const FRAME = 22;
const PER_PAGE = Math.floor((PAGE - HEAD) / FRAME);

/** Where the page with a serial number begins: two pages of settings, four of normal records, two of alarms. */
const pageAt = (serial: number): number => (2 + (serial % 4)) * PAGE;

/** A log of `count` normal records over pages of 1,024 bytes. */
function filled(count: number): SimulatedFlash {
  const flash = new SimulatedFlash({ ...ESP32_FLASH, pageBytes: PAGE, pageCount: 8 });
  const outbox = openOutbox(flash, OPTIONS);
  for (let i = 1; i <= count; i++) outbox.append(Priority.NORMAL, recordOf(i), 16);
  return flash;
}

function survivors(flash: SimulatedFlash): { sequences: number[]; outbox: FlashOutbox } {
  const outbox = openOutbox(flash, OPTIONS);
  const found = drain(outbox, Priority.NORMAL);
  for (const [sequence, bytes] of found) expect(bytes).toBe(Buffer.from(recordOf(sequence)).toString("hex"));
  return { sequences: found.map(([sequence]) => sequence), outbox };
}

describe("damage in the flash of an outbox", () => {
  it("costs a record its life where a bit of it rots, and no other, and is reported", () => {
    const whole = filled(120).snapshot();
    const flash = filled(1);
    const first = pageAt(2) + HEAD;
    for (let at = first; at < first + 3 * FRAME; at++) {
      for (const bit of [0x01, 0x04, 0x80]) {
        flash.restore(whole);
        flash.image[at] = flash.image[at]! ^ bit;
        const { sequences, outbox } = survivors(flash);
        const lost = PER_PAGE + 1 + Math.floor((at - first) / FRAME);
        expect(sequences).toEqual(Array.from({ length: 120 }, (_, i) => i + 1).filter((i) => i !== lost));
        expect(outbox.waiting(Priority.NORMAL)).toBe(119);
        expect(outbox.takeError()).toBe(ErrorCode.OUTBOX_DAMAGED);
        expect(outbox.takeError()).toBe(ErrorCode.OK);
        expect(outbox.append(Priority.NORMAL, recordOf(121), 16)).toBe(121);
      }
    }
  });

  it("sends again and loses nothing where the newest mark rots", () => {
    const flash = filled(60);
    const outbox = openOutbox(flash, OPTIONS);
    outbox.acknowledge(Priority.NORMAL, 10);
    const before = flash.image.slice(0, 2 * PAGE);
    outbox.acknowledge(Priority.NORMAL, 20);
    const mark = before.findIndex((byte, at) => byte !== flash.image[at]);
    flash.image[mark + 9] = flash.image[mark + 9]! ^ 0x40;
    const again = survivors(flash);
    expect(again.sequences).toEqual(Array.from({ length: 50 }, (_, i) => 11 + i));
    expect(again.outbox.waiting(Priority.NORMAL)).toBe(50);
    expect(again.outbox.takeError()).toBe(ErrorCode.SETTINGS_DAMAGED);
  });

  it("sends all again where the settings are lost", () => {
    const flash = filled(300);
    openOutbox(flash, OPTIONS).acknowledge(Priority.NORMAL, 290);
    flash.image.fill(0xff, 0, 2 * PAGE);
    const { sequences, outbox } = survivors(flash);
    expect(sequences.at(-1)).toBe(300);
    expect(sequences.length).toBeGreaterThan(3 * PER_PAGE);
    expect(outbox.waiting(Priority.NORMAL)).toBe(sequences.length);
    expect(outbox.incarnation).toBe(OPTIONS.freshIncarnation);
  });

  it("never writes where the rest of a torn record would lie", () => {
    for (let kept = 4; kept < FRAME; kept++) {
      const flash = filled(3);
      const start = pageAt(1) + HEAD + 2 * FRAME;
      flash.image.fill(0xff, start + kept, start + FRAME);
      const { sequences, outbox } = survivors(flash);
      expect(sequences).toEqual([1, 2]);
      expect(outbox.append(Priority.NORMAL, recordOf(3), 16)).toBe(3);
      expect(flash.image.subarray(start + kept, start + FRAME).every((byte) => byte === 0xff)).toBe(true);
      expect(survivors(flash).sequences).toEqual([1, 2, 3]);
    }
  });

  it("costs a page where its head rots, and says so", () => {
    const flash = filled(150);
    flash.image[pageAt(2) + 9] = flash.image[pageAt(2) + 9]! ^ 1;
    const { sequences, outbox } = survivors(flash);
    expect(sequences.length).toBe(150 - PER_PAGE);
    expect(outbox.takeError()).toBe(ErrorCode.OUTBOX_DAMAGED);
    expect(outbox.append(Priority.NORMAL, recordOf(151), 16)).toBe(151);
  });

  it("lets what is lost at the front wait no longer, so that a drained outbox is empty", () => {
    const flash = filled(100);
    flash.image.fill(0, pageAt(1) + HEAD, pageAt(1) + PAGE);
    const outbox = openOutbox(flash, OPTIONS);
    outbox.acknowledge(Priority.NORMAL, 100);
    expect(outbox.waiting(Priority.NORMAL)).toBe(0);
    const second = filled(30);
    const late = openOutbox(second, OPTIONS);
    second.image.fill(0, pageAt(1) + HEAD, pageAt(1) + PAGE);
    expect(late.waiting(Priority.NORMAL)).toBe(30);
    expect(drain(late, Priority.NORMAL)).toEqual([]);
    expect(late.waiting(Priority.NORMAL)).toBe(0);
    expect(late.takeError()).toBe(ErrorCode.OUTBOX_DAMAGED);
  });

  it("keeps clear of old sequences where all pages of a class are lost", () => {
    const flash = filled(100);
    const outbox = openOutbox(flash, OPTIONS);
    outbox.append(Priority.ALARM, recordOf(101), 16);
    outbox.acknowledge(Priority.NORMAL, 90);
    flash.image.fill(0, 2 * PAGE, 6 * PAGE);
    const { sequences, outbox: again } = survivors(flash);
    expect(sequences).toEqual([]);
    expect(again.takeError()).toBe(ErrorCode.OUTBOX_DAMAGED);
    expect(drain(again, Priority.ALARM).length).toBe(1);
    expect(again.append(Priority.NORMAL, recordOf(1), 16)).toBeGreaterThan(60_000);
    // The mark of the log that was lost says nothing about the new one.
    expect(drain(openOutbox(flash, OPTIONS), Priority.NORMAL).length).toBe(1);
  });

  it("bears the pages of another device", () => {
    const flash = filled(100);
    const other = new SimulatedFlash({ ...ESP32_FLASH, pageBytes: PAGE, pageCount: 8 });
    const stranger = openOutbox(other, { ...OPTIONS, freshIncarnation: 99 });
    for (let i = 1; i <= 400; i++) stranger.append(Priority.ALARM, recordOf(i), 16);
    flash.image.set(other.image.subarray(6 * PAGE), 6 * PAGE);
    for (let life = 0; life < 3; life++) {
      const outbox = openOutbox(flash, OPTIONS);
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

  it.each([0, 1, 9, 22, 44, 45, 46, 60])("goes on where the flash refuses a write once, after %i records", (count) => {
    const flash = filled(count);
    let refuse = false;
    const outbox = openOutbox(
      {
        pageBytes: PAGE,
        pageCount: 8,
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
  });
});
