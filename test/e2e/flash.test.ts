import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { esp32 } from "../../boards/esp32.js";
import { findFirmware } from "../../scripts/device/flash/firmware-files.js";
import { writeFirmware } from "../support/rom/firmware.js";
import { RomChip } from "../support/rom/rom-chip.js";
import { Pty, socatCommand } from "../support/serial/pty.js";
import { built, sertao, startSertao } from "./sertao-command.js";

const folder = mkdtempSync(join(tmpdir(), "sertao-flash-e2e-"));
writeFirmware(join(folder, "firmware"), esp32, { applicationBytes: 200_000 });
const regions = findFirmware(esp32, [join(folder, "firmware")]);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!built || socatCommand === undefined)("sertao flash (needs dist and socat)", () => {
  let pty: Pty | undefined;
  afterEach(async () => {
    await pty?.close();
    pty = undefined;
  });

  /** A chip in its loader behind a pseudo-terminal. */
  async function bench(chip = new RomChip({ downloadMode: true })): Promise<{ chip: RomChip; args: string[] }> {
    pty = await Pty.with(chip);
    return { chip, args: ["flash", "--board", "esp32", "--port", pty.path, "--firmware", "firmware"] };
  }

  const holds = (chip: RomChip): boolean =>
    regions.every(({ address, bytes }) =>
      Buffer.from(bytes).equals(chip.flash.bytes.subarray(address, address + bytes.length)),
    );

  test("writes, verifies and reports; again there is nothing to write", async () => {
    const { chip, args } = await bench();
    const first = await sertao(folder, args);
    expect(first).toMatchObject({ status: 0, stderr: "" });
    expect(first.stdout).toMatch(/^ESP32, 4 MB of flash\nbootloader +0x001000 20048 bytes, 20048 bytes written, MD5 /);
    expect(first.stdout).toMatch(/verified in .* Storage and the results that wait were kept\nThe port cannot reset/);
    expect(holds(chip)).toBe(true);
    const again = await sertao(folder, [...args, "--json"]);
    const { regions: written } = JSON.parse(again.stdout) as { regions: { writtenBytes: number }[] };
    expect(written.map(({ writtenBytes }) => writtenBytes)).toEqual([0, 0, 0]);
  });

  test("ended by Ctrl-C says how to go on, with status 130, and goes on", async () => {
    const { chip, args } = await bench();
    const child = startSertao(folder, args);
    const receive = chip.receive.bind(chip);
    let taken = 0;
    chip.receive = (bytes) => {
      taken += bytes.length;
      if (taken > 60_000 && !child.killed) child.kill("SIGINT");
      receive(bytes);
    };
    let stderr = "";
    child.stderr!.on("data", (text: Buffer) => (stderr += String(text)));
    expect(await once(child, "close")).toEqual([130, null]);
    expect(stderr).toMatch(
      /^sertao: FLASH_INTERRUPTED: Interrupted; the application is not complete\. Run the same command again/,
    );
    expect(holds(chip)).toBe(false);
    expect((await sertao(folder, args)).status).toBe(0);
    expect(holds(chip)).toBe(true);
  });

  test("with the plug pulled ends with status 1 and one line", async () => {
    const { chip, args } = await bench();
    const receive = chip.receive.bind(chip);
    let taken = 0;
    chip.receive = (bytes) => {
      taken += bytes.length;
      if (taken < 60_000) return receive(bytes);
      void pty?.close();
      pty = undefined;
    };
    const { status, stderr } = await sertao(folder, args);
    expect(stderr).toMatch(/^sertao: PORT_LOST: .* is gone\. Plug the board in again[^\n]*\n$/);
    expect(status).toBe(1);
  });

  test("of the wrong board, of nothing and of a missing port ends with status 1 and one line", async () => {
    const { args } = await bench(new RomChip({ chip: "ESP32-S3", downloadMode: true }));
    const wrong = await sertao(folder, args);
    expect(wrong).toMatchObject({ status: 1, stdout: "" });
    expect(wrong.stderr).toMatch(/^sertao: FLASH_WRONG_CHIP: The chip is an ESP32-S3[^\n]*\n$/);
    const nothing = await sertao(folder, [
      "flash",
      "--board",
      "esp32",
      "--port",
      "/dev/ttyNONE",
      "--firmware",
      "firmware",
    ]);
    expect(nothing.stderr).toMatch(/^sertao: PORT_MISSING: There is no port \/dev\/ttyNONE[^\n]*\n$/);
    expect(nothing.status).toBe(1);
    const files = await sertao(folder, ["flash", "--board", "esp32", "--port", "/dev/ttyNONE"]);
    expect(files.stderr).toMatch(/^sertao: FIRMWARE_MISSING: [^\n]*\n$/);
    const unknown = await sertao(folder, ["flash", "--board", "esp23", "--port", "/dev/ttyNONE"]);
    expect(unknown.stderr).toMatch(/^sertao: BOARD_UNKNOWN: [^\n]*\n$/);
  });
});
