import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { esp32c3 } from "../../../boards/esp32c3.js";
import { esp32s3 } from "../../../boards/esp32s3.js";
import { esp8266With4Mb } from "../../../boards/esp8266-4mb.js";
import type { Board } from "../../../boards/index.js";
import { checkChip } from "../../../scripts/device/flash/check-chip.js";
import { ChipLoader } from "../../../scripts/device/flash/chip-loader.js";
import { findFirmware, romLoadingOf } from "../../../scripts/device/flash/firmware-files.js";
import {
  erasedRegion,
  type Region,
  type WriteControl,
  type WrittenRegion,
  writeRegions,
} from "../../../scripts/device/flash/write-regions.js";
import { SeededRandom } from "../../../scripts/readings/seeded-random.js";
import { writeFirmware } from "../../support/rom/firmware.js";
import { RomChip, type RomChipOptions } from "../../support/rom/rom-chip.js";
import { MemoryPort } from "../../support/serial/memory-port.js";

const folder = mkdtempSync(join(tmpdir(), "sertao-flash-"));
const firmware = (board: Board): Region[] =>
  findFirmware(board, [writeFirmware(join(folder, board.id), board, { applicationBytes: 150_000 })]);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** First page of what must not be touched. */
const KEPT_FROM = 0x310000;

/** A chip whose flash holds something everywhere, at the end of a cable. */
function bench(options: RomChipOptions = {}): { chip: RomChip; port: MemoryPort } {
  const chip = new RomChip(options);
  const random = new SeededRandom(7);
  for (let i = 0; i < chip.flash.bytes.length; i += 61) chip.flash.bytes[i] = random.below(256);
  return { chip, port: new MemoryPort(chip) };
}

interface RunOptions extends WriteControl {
  readonly stub?: boolean;
  readonly baudRate?: number;
}

/** As the command does: connect, check, write, restart. */
async function flash(
  port: MemoryPort,
  board: Board,
  regions: readonly Region[],
  { stub = true, baudRate = board.romLoading!.baudRate, ...control }: RunOptions = {},
): Promise<WrittenRegion[]> {
  const loader = await ChipLoader.connect({ path: port.path, openLine: port.openLine, baudRate, stub });
  try {
    await checkChip(loader, board);
    const written = await writeRegions(loader, regions, control);
    await loader.restart();
    return written;
  } finally {
    await loader.close();
  }
}

function holds(chip: RomChip, regions: readonly Region[]): boolean {
  return regions.every(({ address, bytes }) =>
    Buffer.from(bytes).equals(chip.flash.bytes.subarray(address, address + bytes.length)),
  );
}

const bytesWritten = (regions: readonly WrittenRegion[]): number =>
  regions.reduce((sum, { writtenBytes }) => sum + writtenBytes, 0);

describe.concurrent.each([esp32, esp32c3, esp32s3])("$id", (board) => {
  const regions = firmware(board);
  const kind = { chip: board.chip as "ESP32" };

  test.each([true, false])("holds the firmware afterwards, and starts it (stub: %s)", async (stub) => {
    const { chip, port } = bench(kind);
    const kept = chip.flash.bytes.slice(KEPT_FROM);
    const reports: number[] = [];
    const written = await flash(port, board, regions, { stub, progress: (done) => reports.push(done) });
    expect(holds(chip, regions)).toBe(true);
    expect(chip.isStub).toBe(false);
    expect(chip.boots).toBe(1);
    expect(Buffer.from(kept).equals(chip.flash.bytes.subarray(KEPT_FROM))).toBe(true);
    expect(written.map(({ name }) => name)).toEqual(["bootloader", "partition table", "application"]);
    expect(
      written.every(
        ({ address, bytes, md5 }) => chip.flash.md5(address, Math.ceil(bytes / 4) * 4).toString("hex") === md5,
      ),
    ).toBe(true);
    expect(reports).toEqual([...reports].sort((a, b) => a - b));
    expect(reports.at(-1)).toBe(regions.reduce((sum, { bytes }) => sum + bytes.length, 0));
  });
});

describe("what is there already", () => {
  const regions = firmware(esp32);

  test("is not written again, and not erased", async () => {
    const { chip, port } = bench();
    await flash(port, esp32, regions);
    chip.flash.erased.length = 0;
    expect(bytesWritten(await flash(port, esp32, regions))).toBe(0);
    expect(chip.flash.erased).toEqual([]);
  });

  test("but for one bit costs one piece", async () => {
    const { chip, port } = bench();
    await flash(port, esp32, regions);
    chip.flash.bytes[0x20005] = chip.flash.bytes[0x20005]! ^ 1;
    expect(bytesWritten(await flash(port, esp32, regions))).toBe(0x10000);
    expect(holds(chip, regions)).toBe(true);
  });

  test("goes where erasing was asked for", async () => {
    const { chip, port } = bench();
    const { address, pageBytes, pages } = esp32.storage;
    await flash(port, esp32, [erasedRegion("Storage", address, pageBytes * pages)]);
    expect(chip.flash.bytes.subarray(address).every((byte) => byte === 0xff)).toBe(true);
    expect(chip.flash.bytes.subarray(KEPT_FROM, address).some((byte) => byte !== 0xff)).toBe(true);
  });
});

describe.concurrent("refuses", () => {
  const regions = firmware(esp32);

  test.each([
    ["another chip", { chip: "ESP32-C3" }, /FLASH_WRONG_CHIP: The chip is an ESP32-C3; esp32 has an ESP32\./],
    ["a flash of 2 MB", { flashSizeId: 0x15 }, /FLASH_TOO_SMALL: The flash has 2 MB; esp32 has 4 MB\./],
    ["a flash that does not answer", { flashSizeId: 0xff }, /FLASH_NOT_FOUND: The flash has the id 0xff4020\./],
  ] as const)("%s, and writes nothing", async (_, options, message) => {
    const { chip, port } = bench(options);
    const before = chip.flash.md5(0, chip.flash.bytes.length);
    await expect(flash(port, esp32, regions)).rejects.toThrow(message);
    expect(chip.flash.md5(0, chip.flash.bytes.length)).toEqual(before);
  });

  test("a board that is not loaded through a ROM of this kind", () => {
    expect(() => romLoadingOf(esp8266With4Mb)).toThrow(/FLASH_UNSUPPORTED/);
  });

  test("a chip that does not answer, with what to press", async () => {
    const { port } = bench();
    port.hasLines = false;
    await expect(flash(port, esp32, regions)).rejects.toThrow(
      /FLASH_NO_ANSWER: The chip behind \/dev\/ttyMEMORY does not answer, and the port has no lines to reset it\. Hold BOOT/,
    );
  });

  test("a port that is not there, and one that is in use", async () => {
    const { port } = bench();
    const held = await port.openLine(port.path, { baudRate: 115200 });
    await expect(flash(port, esp32, regions)).rejects.toThrow(/PORT_BUSY/);
    await held.close();
    port.unplug();
    await expect(flash(port, esp32, regions)).rejects.toThrow(/PORT_MISSING/);
  });
});

describe.concurrent("over a bad cable", () => {
  const regions = firmware(esp32);
  // Behind connecting, loading the stub and changing the rate, which a run repeats by itself.
  const places = (seed: number, count: number, bytes: number): number[] => {
    const random = new SeededRandom(seed);
    return Array.from({ length: count }, () => random.below(bytes));
  };

  test.each([
    ["bytes to the chip get lost", { loseToDevice: places(1, 4, 80_000) }],
    ["bytes from the chip get lost", { loseToHost: places(2, 3, 200) }],
    ["there is noise", { noiseToHost: places(3, 3, 200).map((place) => [place, [0x55, 0xdb, 0xc0, 0x01]] as const) }],
  ])("where %s it arrives whole", { timeout: 120_000 }, async (_, faults) => {
    const { chip, port } = bench();
    const loader = await ChipLoader.connect({ path: port.path, openLine: port.openLine, baudRate: 460800, stub: true });
    await checkChip(loader, esp32);
    port.spoil(faults);
    await writeRegions(loader, regions);
    await loader.close();
    expect(holds(chip, regions)).toBe(true);
  });

  test("that does not carry the rate asked for, a slower one is taken", async () => {
    const { chip, port } = bench({ maxBaudRate: 115200 });
    await flash(port, esp32, regions, { baudRate: 921600 });
    expect(holds(chip, regions)).toBe(true);
  });

  test("through a port without reset lines, to a chip that waits in its loader", async () => {
    const { chip, port } = bench({ downloadMode: true });
    port.hasLines = false;
    await flash(port, esp32, regions);
    expect(holds(chip, regions)).toBe(true);
    expect(chip.boots).toBe(0);
  });
});

describe.concurrent("interrupted", () => {
  const regions = firmware(esp32);

  test.each([1_000, 14_000, 30_000, 90_000])(
    "by pulling the plug after %i bytes, the second run completes it",
    async (unplugAfter) => {
      const { chip, port } = bench();
      port.spoil({ unplugAfter });
      await expect(flash(port, esp32, regions)).rejects.toThrow(
        /PORT_LOST: \/dev\/ttyMEMORY is gone\. Plug the board in again/,
      );
      port.plugIn();
      const before = chip.flash.bytes.slice();
      const written = await flash(port, esp32, regions);
      expect(holds(chip, regions)).toBe(true);
      // What was whole before is not written again.
      if (
        Buffer.from(before)
          .subarray(0x1000, 0x1000 + 20_000)
          .equals(regions[0]!.bytes.subarray(0, 20_000))
      )
        expect(written[0]!.writtenBytes).toBe(0);
    },
  );

  test.each([0.05, 0.7])("by Ctrl-C at a share of %f, it says how to go on, and the second run does", async (share) => {
    const { chip, port } = bench();
    const controller = new AbortController();
    const progress = (done: number, total: number): void => {
      if (done > share * total) controller.abort();
    };
    const interrupted = flash(port, esp32, regions, { progress, signal: controller.signal });
    await expect(interrupted).rejects.toMatchObject({ code: "FLASH_INTERRUPTED", exitCode: 130 });
    expect(holds(chip, regions)).toBe(false);
    await flash(port, esp32, regions);
    expect(holds(chip, regions)).toBe(true);
  });

  test("by a chip that falls silent, it ends in a bounded time", { timeout: 60_000 }, async () => {
    const { chip, port } = bench();
    const progress = (done: number): void => {
      if (done > 60_000) chip.receive = () => undefined;
    };
    await expect(flash(port, esp32, regions, { progress })).rejects.toThrow(/FLASH_(NO_ANSWER|LINK_BAD)/);
  });
});

test("flash that does not hold what is written to it is told apart from a bad link", async () => {
  const { chip, port } = bench();
  const program = chip.flash.program.bind(chip.flash);
  chip.flash.program = (address, data) => {
    program(address, data);
    chip.flash.bytes[0x10030] = 0;
  };
  await expect(flash(port, esp32, firmware(esp32))).rejects.toThrow(/FLASH_VERIFY_FAILED: application at 0x10000/);
});
