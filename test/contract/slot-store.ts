import { beforeEach, describe, expect, it } from "vitest";
import { crc32 } from "../../lib/core/crc32.js";
import { fillerBytes, fillStorage } from "../../scripts/simulate/flash/slot-layout.js";
import { EspruinoStorage } from "../../scripts/simulate/flash/espruino-storage.js";
import type { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";

/** What a store under test did, one line a question. */
export type SlotAnswers = readonly string[];

/** One question to a store. */
export type SlotStep =
  | { readonly ask: "slotBytes" | "clearSlot"; readonly name: string }
  | { readonly ask: "check"; readonly name: string; readonly bytes: number }
  | { readonly ask: "writeSlot"; readonly name: string; readonly at: number; readonly bytes: readonly number[] };

/** Puts the questions to a store over a flash: its answers, and the flash as it is then. */
export type AskStore = (flash: SimulatedFlash, steps: readonly SlotStep[]) => Promise<SlotAnswers>;

const bytes = (length: number, seed: number): number[] => Array.from({ length }, (_, i) => (seed + 7 * i) & 255);

/** What every store of slots does. @param makeFlash an erased one, Storage alone */
export function slotStoreContract(name: string, makeFlash: () => SimulatedFlash, ask: AskStore): void {
  describe(`${name}, as a store of slots`, () => {
    let flash: SimulatedFlash;
    let storage: EspruinoStorage;
    const erased = (pages: number, content: number[] = []): Uint8Array => {
      const slot = new Uint8Array(pages * flash.pageBytes).fill(0xff);
      slot.set(content);
      return slot;
    };
    beforeEach(() => {
      flash = makeFlash();
      storage = new EspruinoStorage(flash);
      const range = { address: 0, pageBytes: flash.pageBytes, pages: flash.pageCount };
      storage.write("first", Uint8Array.from(bytes(77, 1)));
      fillStorage(storage, range, [
        { name: "app.a", bytes: erased(2, bytes(50, 2)), contentBytes: 50 },
        { name: "app.b", bytes: erased(2), contentBytes: 0 },
        { name: "config.a", bytes: erased(1), contentBytes: 0 },
      ]);
      storage.write("behind", Uint8Array.from(bytes(33, 3)));
    });

    it("knows slots from other files, and sums from their fronts", async () => {
      const answers = await ask(flash, [
        { ask: "slotBytes", name: "app.a" },
        { ask: "slotBytes", name: "config.a" },
        { ask: "slotBytes", name: "behind" },
        { ask: "slotBytes", name: "app" },
        { ask: "check", name: "app.a", bytes: 50 },
        { ask: "check", name: "app.a", bytes: 2 * flash.pageBytes + 1 },
        { ask: "check", name: "nothing", bytes: 1 },
      ]);
      const size = 2 * flash.pageBytes;
      const sum = crc32(Uint8Array.from(bytes(50, 2)));
      expect(answers).toEqual([`${size}`, `${flash.pageBytes}`, "0", "0", `${sum}`, "-1", "-1"]);
    });

    it("erases and writes a slot in place, and nothing around it", async () => {
      const written = bytes(1024, 9);
      const tail = bytes(5, 4);
      const before = flash.image.slice();
      const steps: SlotStep[] = [
        { ask: "clearSlot", name: "app.a" },
        { ask: "writeSlot", name: "app.a", at: 0, bytes: written },
        { ask: "writeSlot", name: "app.a", at: 1024, bytes: tail },
        { ask: "check", name: "app.a", bytes: 1029 },
      ];
      const answers = await ask(flash, steps);
      expect(answers.slice(0, 3)).toEqual(["ok", "ok", "ok"]);
      const at = Buffer.from(before).indexOf(Buffer.from(bytes(50, 2)));
      const after = flash.image;
      const end = at + 2 * flash.pageBytes;
      expect(at % flash.pageBytes).toBe(0);
      expect(Buffer.from(after.subarray(0, at)).equals(before.subarray(0, at))).toBe(true);
      expect(Buffer.from(after.subarray(end)).equals(before.subarray(end))).toBe(true);
      expect([...after.subarray(at, at + 1029)]).toEqual([...written, ...tail]);
      expect(answers.at(-1)).toBe(String(crc32(Uint8Array.from([...written, ...tail]))));
      expect(after.subarray(at + 1029, end).every((byte) => byte === 0xff)).toBe(true);
      expect(new EspruinoStorage(flash).list().sort()).toEqual(["app.a", "app.b", "behind", "config.a", "first"]);
    });

    it("completes a torn write by the same write", async () => {
      const whole = bytes(64, 5);
      const torn = whole.map((byte, i) => (i < 30 ? byte : i < 34 ? byte | 0x5a : 0xff));
      const answers = await ask(flash, [
        { ask: "writeSlot", name: "app.b", at: 1024, bytes: torn },
        { ask: "writeSlot", name: "app.b", at: 1024, bytes: whole },
      ]);
      expect(answers).toEqual(["ok", "ok"]);
      expect(Buffer.from(flash.image).includes(Buffer.from(whole))).toBe(true);
    });

    it("refuses what goes beyond a slot, or into a file that is none", async () => {
      const answers = await ask(flash, [
        { ask: "writeSlot", name: "app.b", at: 2 * flash.pageBytes - 4, bytes: bytes(5, 1) },
        { ask: "writeSlot", name: "behind", at: 0, bytes: [0] },
        { ask: "writeSlot", name: "nothing", at: 0, bytes: [0] },
      ]);
      expect(answers.map((line) => line.replace(/:.*/, ""))).toEqual(["E407", "E407", "E407"]);
    });
  });
}

/** True where a filler puts the next file's bytes on a page boundary, for every place that a file can begin at. */
export function fillersFit(pageBytes: number): boolean {
  for (let at = 0; at < pageBytes; at += 4) {
    const filler = fillerBytes(at, pageBytes);
    const header = filler === 0 ? at : at + 32 + ((filler + 3) & ~3);
    if ((header + 32) % pageBytes !== 0 || (filler !== 0 && filler < 4)) return false;
  }
  return true;
}
