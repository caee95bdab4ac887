import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkBoard } from "../../boards/check-board.js";
import { boards, findBoard, type Board } from "../../boards/index.js";

const NOT_BOARDS = ["board.ts", "check-board.ts", "esp32-flash.ts", "index.ts"];

/** A board whose firmware lies elsewhere. */
function withFirmware(board: Board, addresses: number[]): Board {
  const files = addresses.map((address, i) => ({ ...board.romLoading!.files[i]!, address }));
  return { ...board, romLoading: { ...board.romLoading!, files } };
}

/** How a sound board is spoilt, and what must be said about it. */
const contradictions: [string, (board: Board) => Board, RegExp][] = [
  [
    "two regions overlap",
    (b) => ({ ...b, freeRegions: [b.freeRegions[0]!, { ...b.freeRegions[1]!, address: 0x311000 }] }),
    /outbox overlaps settings/,
  ],
  [
    "a region overlaps Storage",
    (b) => ({ ...b, freeRegions: [{ name: "outbox", address: 0x31f000, pageBytes: 4096, pages: 2 }] }),
    /outbox overlaps Storage/,
  ],
  [
    "a region off the page grid",
    (b) => ({ ...b, freeRegions: [{ name: "outbox", address: 0x310010, pageBytes: 4096, pages: 1 }] }),
    /page boundary/,
  ],
  [
    "a region past the end of flash",
    (b) => ({ ...b, storage: { ...b.storage, pages: b.storage.pages + 1 } }),
    /Storage reaches outside/,
  ],
  [
    "one name twice",
    (b) => ({ ...b, freeRegions: [b.freeRegions[0]!, { ...b.freeRegions[1]!, name: "settings" as const }] }),
    /two regions named settings/,
  ],
  ["a write unit that a log cannot use", (b) => ({ ...b, writeUnitBytes: 8 }), /units of 4 bytes at most/],
  ["words that are written once", (b) => ({ ...b, rewritesPerWord: 1 }), /written twice/],
  [
    "an outbox away from the settings",
    (b) => ({ ...b, freeRegions: [b.freeRegions[0]!, { ...b.freeRegions[1]!, address: 0x313000, pages: 13 }] }),
    /outbox does not lie behind settings/,
  ],
  ["firmware off the page grid", (b) => withFirmware(b, [0x1010]), /bootloader does not begin on a page boundary/],
  ["firmware on top of firmware", (b) => withFirmware(b, [0x8000, 0x8000]), /partition table does not lie behind/],
  ["firmware in Storage", (b) => withFirmware(b, [0x311000]), /bootloader lies where Storage or the framework/],
  ["a page of broken write units", (b) => ({ ...b, writeUnitBytes: 24 }), /write units/],
  [
    "a pin on two buses",
    (b) => ({ ...b, buses: [...b.buses, { name: "I2C2", kind: "i2c" as const, pins: { sda: "D21" }, busHz: 1e5 }] }),
    /I2C2 uses pin D21, which is taken \(I2C1\)/,
  ],
  [
    "a pin used twice by one bus",
    (b) => ({ ...b, buses: [{ name: "I2C1", kind: "i2c" as const, pins: { sda: "D21", scl: "D21" }, busHz: 1e5 }] }),
    /D21, which is taken/,
  ],
  [
    "a bus on the console",
    (b) => ({ ...b, buses: [{ name: "Serial1", kind: "uart" as const, pins: { tx: "D1" }, busHz: 9600 }] }),
    /taken \(console, transmit\)/,
  ],
  [
    "a bus on a pin that does not exist",
    (b) => ({ ...b, buses: [{ name: "Serial1", kind: "uart" as const, pins: { tx: "D99" }, busHz: 9600 }] }),
    /D99, which the board does not have/,
  ],
  ["a pin free and reserved", (b) => ({ ...b, pins: [...b.pins, "D6"] }), /D6 is both free and reserved/],
  ["a pin listed twice", (b) => ({ ...b, pins: [...b.pins, "D2"] }), /D2 is listed twice/],
  ["a voltage on no pin", (b) => ({ ...b, analogPins: ["D99"] }), /D99 is said to do something/],
  ["a pulse on no pin", (b) => ({ ...b, unwatchablePins: ["D6"] }), /D6 is said to do something/],
  ["a budget over Storage", (b) => ({ ...b, budgets: { ...b.budgets, packBytes: 917504 } }), /exceed Storage/],
  ["a budget over memory", (b) => ({ ...b, budgets: { ...b.budgets, jsVars: 20000 } }), /exceeds the board's 16383/],
  ["a backend that the firmware lacks", (b) => ({ ...b, backend: "tensorflow" as const }), /which its firmware/],
  ["an empty budget", (b) => ({ ...b, budgets: { ...b.budgets, packBytes: 0 } }), /budget is empty/],
];

describe("the boards", () => {
  test.each(boards.map((board) => [board.id, board] as const))("%s does not contradict itself", (_, board) => {
    expect(checkBoard(board)).toEqual([]);
  });

  test("every file is listed, under its own name", () => {
    const files = readdirSync(new URL("../../boards", import.meta.url)).filter((name) => !NOT_BOARDS.includes(name));
    expect(boards.map((board) => `${board.id}.ts`).sort()).toEqual(files.sort());
  });

  test("are found by name", () => {
    for (const board of boards) expect(findBoard(board.id)).toBe(board);
    expect(findBoard("esp33")).toBeUndefined();
  });

  test("say where their figures come from, and why something is missing", () => {
    for (const board of boards) {
      expect(board.sources.length, board.id).toBeGreaterThan(0);
      for (const lack of board.lacks) expect(lack.why.length, `${board.id} ${lack.name}`).toBeGreaterThan(5);
      for (const lack of board.lacks) expect(board.modules, board.id).not.toContain(lack.name);
    }
  });

  test("the ESP32 family keeps 64 KB at 0x310000 for the framework", () => {
    for (const id of ["esp32", "esp32c3", "esp32s3"]) {
      const regions = findBoard(id)!.freeRegions;
      expect(regions.map(({ name, address, pages }) => [name, address, pages])).toEqual([
        ["settings", 0x310000, 2],
        ["outbox", 0x312000, 14],
      ]);
      expect(findBoard(id)!.storage.address).toBe(0x310000 + 16 * 4096);
    }
  });
});

describe("checkBoard", () => {
  test.each(contradictions)("finds %s", (_, spoil, said) => {
    const found = checkBoard(spoil(findBoard("esp32")!));
    expect(found.join("\n")).toMatch(said);
  });
});
