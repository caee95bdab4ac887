import { describe, expect, it } from "vitest";
import { esp32 } from "../../boards/esp32.js";
import { openGuardedMemory } from "../../lib/app/guarded-memory.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import type { Platform } from "../../lib/hal/platform.js";
import { Priority } from "../../lib/outbox/outbox.js";
import { boardFlash } from "../../scripts/simulate/device/flash-address.js";
import { SimulatedFiles } from "../../scripts/simulate/flash/simulated-files.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";

const RECORD = new Uint8Array(16).fill(9);

describe("memory of a device whose supply is low", () => {
  it("takes records while pages have room, erases nothing, refuses then, and goes on when the supply is back", () => {
    const flash = boardFlash(esp32)!;
    let millivolts = 3300;
    let erases = 0;
    const erasePage = flash.erasePage.bind(flash);
    flash.erasePage = (page) => {
      erases++;
      erasePage(page);
    };
    let told = (): number => 0;
    const platform = {
      flash: () => flash,
      files: new SimulatedFiles(
        new SimulatedFlash({ pageBytes: 4096, pageCount: 4, writeUnitBytes: 4, rewritesPerWord: 32 }),
      ),
      power: { measureSupply: (measure: () => number) => void (told = measure) },
    } as unknown as Platform;
    const range = { address: 0, pageBytes: 4096, pages: 16 };
    const open = openGuardedMemory(range, { millivolts: () => millivolts, eraseFromMillivolts: 2800 });
    const { outbox } = open(platform, 7, 0);
    expect(told()).toBe(3300);
    const before = erases;
    millivolts = 2700;
    let taken = 0;
    let status = 0;
    for (; taken < 1000; taken++) {
      status = outbox.append(Priority.NORMAL, RECORD, RECORD.length);
      if (status < 0) break;
    }
    expect(status).toBe(-ErrorCode.SUPPLY_LOW);
    expect(taken).toBeGreaterThan(100);
    expect(erases).toBe(before);
    expect(outbox.waiting(Priority.NORMAL)).toBe(taken);
    millivolts = 3000;
    expect(outbox.append(Priority.NORMAL, RECORD, RECORD.length)).toBeGreaterThan(0);
    expect(erases).toBeGreaterThan(before);
    expect(outbox.waiting(Priority.NORMAL)).toBe(taken + 1);
    // Nothing is put off where nobody knows the supply.
    millivolts = 0;
    for (let i = 0; i < 400; i++) outbox.append(Priority.NORMAL, RECORD, RECORD.length);
    expect(outbox.waiting(Priority.NORMAL)).toBe(taken + 401);
  });
});
