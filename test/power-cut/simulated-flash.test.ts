import { describe, expect, it } from "vitest";
import { DeviceError } from "../../lib/core/device-error.js";
import { FlashWindow } from "../../scripts/simulate/flash/flash-window.js";
import { PowerCut } from "../../scripts/simulate/flash/power-cut.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import type { TornForm } from "../../scripts/simulate/flash/torn-form.js";
import { formText, parseForm, tornForms } from "../../scripts/simulate/flash/torn-form.js";

const SMALL = { pageBytes: 64, pageCount: 3, writeUnitBytes: 4, rewritesPerWord: 2 };
const DATA = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

function read(flash: SimulatedFlash, address: number, count: number): number[] {
  const into = new Uint8Array(count);
  flash.read(address, into, count);
  return [...into];
}

function cutWrite(form: TornForm): { flash: SimulatedFlash; bytes: number[] } {
  const flash = new SimulatedFlash(SMALL);
  flash.cutAt(1, form);
  expect(() => flash.write(0, DATA, 12)).toThrow(PowerCut);
  expect(() => flash.write(16, DATA, 12)).toThrow(PowerCut);
  expect(() => flash.read(16, new Uint8Array(4), 4)).toThrow(PowerCut);
  flash.restart();
  return { flash, bytes: read(flash, 0, 12) };
}

describe("SimulatedFlash", () => {
  it("starts erased, clears bits by AND and sets them by page only", () => {
    const flash = new SimulatedFlash(SMALL);
    expect(read(flash, 60, 8)).toEqual(new Array(8).fill(0xff));
    flash.write(64, Uint8Array.of(0xf0, 0xff, 0, 1), 4);
    flash.write(64, Uint8Array.of(0x3c, 0x7f, 9, 2), 4);
    expect(read(flash, 64, 4)).toEqual([0x30, 0x7f, 0, 0]);
    flash.erasePage(0);
    expect(read(flash, 64, 4)).toEqual([0x30, 0x7f, 0, 0]);
    flash.erasePage(1);
    expect(read(flash, 64, 4)).toEqual([0xff, 0xff, 0xff, 0xff]);
    expect(flash.eraseCounts).toEqual([1, 1, 0]);
    expect(flash.operations).toBe(4);
  });

  it("refuses writes that are not aligned, too long, outside, or one too many for a word", () => {
    const flash = new SimulatedFlash(SMALL);
    for (const [address, count] of [
      [2, 4],
      [0, 3],
      [0, 0],
      [188, 8],
      [-4, 4],
    ]) {
      expect(() => flash.write(address!, DATA, count!)).toThrow(DeviceError);
    }
    flash.write(8, DATA, 4);
    flash.write(8, DATA, 4);
    expect(() => flash.write(4, DATA, 8)).toThrow(DeviceError);
    flash.erasePage(0);
    flash.write(8, DATA, 4);
    expect(flash.operations).toBe(4);
  });

  it("tears a write as it is told", () => {
    expect(cutWrite({ kind: "none" }).bytes).toEqual(new Array(12).fill(0xff));
    expect(cutWrite({ kind: "all" }).bytes).toEqual([...DATA]);
    expect(cutWrite({ kind: "prefix", bytes: 5 }).bytes).toEqual([1, 2, 3, 4, 5, ...new Array(7).fill(0xff)]);
    const { bytes } = cutWrite({ kind: "bits", bytes: 4, seed: 1 });
    expect(bytes.slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(bytes.slice(8)).toEqual([0xff, 0xff, 0xff, 0xff]);
    expect(bytes.slice(4, 8)).not.toEqual([0xff, 0xff, 0xff, 0xff]);
    for (let i = 4; i < 8; i++) expect(bytes[i]! & DATA[i]!).toBe(DATA[i]);
    const scattered = cutWrite({ kind: "scatter", seed: 2 }).bytes;
    expect(scattered.every((byte, i) => (byte & DATA[i]!) === DATA[i])).toBe(true);
    expect(cutWrite({ kind: "scatter", seed: 2 }).bytes).toEqual(scattered);
  });

  it("tears an erase into cells that read differently twice, until the page is erased again", () => {
    let unsteady = 0;
    for (let seed = 0; seed < 8; seed++) {
      const flash = new SimulatedFlash(SMALL);
      for (let at = 64; at < 128; at += 4) flash.write(at, new Uint8Array(4), 4);
      flash.cutAt(1, { kind: "cells", seed });
      expect(() => flash.erasePage(1)).toThrow(PowerCut);
      flash.restart();
      const first = read(flash, 64, 64);
      expect(first.some((byte) => byte !== 0)).toBe(true);
      if (read(flash, 64, 64).join() !== first.join()) unsteady++;
      flash.erasePage(1);
      expect(read(flash, 64, 64)).toEqual(new Array(64).fill(0xff));
      expect(flash.eraseCounts[1]).toBe(2);
    }
    expect(unsteady).toBeGreaterThan(5);
  });

  it("goes back to a snapshot, unsteady cells, word counts and wear included", () => {
    const flash = new SimulatedFlash(SMALL);
    flash.write(0, DATA, 12);
    flash.cutAt(1, { kind: "cells", seed: 2 });
    expect(() => flash.erasePage(0)).toThrow(PowerCut);
    flash.restart();
    const snapshot = flash.snapshot();
    const first = [read(flash, 0, 64), read(flash, 0, 64)];
    flash.write(4, DATA, 4);
    flash.erasePage(0);
    flash.restore(snapshot);
    expect([read(flash, 0, 64), read(flash, 0, 64)]).toEqual(first);
    expect(flash.operations).toBe(0);
    flash.write(4, DATA, 4);
    expect(() => flash.write(4, DATA, 4)).toThrow(DeviceError);
    expect(flash.eraseCounts).toEqual([1, 0, 0]);
  });

  it("lists the forms of an operation, each with a text that reads back", () => {
    const forms = tornForms({ kind: "write", address: 0, count: 8 }, 2);
    expect(forms.length).toBe(2 + 7 + 16 + 2);
    expect(tornForms({ kind: "erase", address: 0, count: 64 }, 1).length).toBe(6);
    for (const form of [...forms, { kind: "cells", seed: 3 } as const]) expect(parseForm(formText(form))).toEqual(form);
    for (const text of ["", "prefix", "bits/2", "cells/x", "none/1", "melted/1"])
      expect(parseForm(text)).toBeUndefined();
  });

  it("lends windows that keep to their pages", () => {
    const flash = new SimulatedFlash(SMALL);
    const window = new FlashWindow(flash, 1, 2);
    window.write(0, DATA, 4);
    window.erasePage(1);
    expect(read(flash, 64, 4)).toEqual([1, 2, 3, 4]);
    expect(flash.eraseCounts).toEqual([0, 0, 1]);
    expect(() => window.write(126, DATA, 4)).toThrow(RangeError);
    expect(() => window.erasePage(2)).toThrow(RangeError);
    expect(() => new FlashWindow(flash, 2, 2)).toThrow(RangeError);
  });
});
