import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Board } from "../../boards/board.js";
import { esp32 } from "../../boards/esp32.js";
import { linux } from "../../boards/linux.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import { buildApp } from "../../scripts/bundle/build-app.js";
import { findCommand } from "../../scripts/engine/find-command.js";
import { inFolder, runCommand } from "../../scripts/engine/run-command.js";
import { busContract, busLines, type BusLines } from "../contract/buses.js";

/** Linux builds have the pins and buses of an ESP32, with nothing behind them. */
const { pins, analogPins, unwatchablePins, buses } = esp32;
const board: Board = { ...linux, pins, analogPins, unwatchablePins, buses };

const build = async (fixture: string): Promise<string> => (await buildApp(`test/fixtures/${fixture}`, board)).code;

function run(command: string, script: string): Promise<string[]> {
  return inFolder(async (folder) => {
    await writeFile(join(folder, "run.js"), script, "latin1");
    return runCommand({ command, args: ["run.js"], folder, holdInput: true, timeoutMs: 60_000 });
  });
}

describe.each(["espruino", "espruino-field"])("%s", (name) => {
  const command = findCommand(name);

  describe.skipIf(command === undefined)(`with models of parts behind its buses (needs ${name})`, () => {
    let lines: BusLines;
    beforeAll(async () => {
      const script = `${await build("engine-bench")}\n${await build("buses")}`;
      lines = busLines(await run(command!, script));
    });
    busContract(() => lines);
  });

  // What its own C code does with buses that lead nowhere.
  describe.skipIf(command === undefined)(`with nothing behind its buses (needs ${name})`, () => {
    let lines: BusLines;
    beforeAll(async () => {
      lines = busLines(await run(command!, await build("dead-buses")));
    });

    it("tells a data line that is held low, by software I2C", () => {
      expect(lines.get("software I2C")).toBe(`${ErrorCode.BUS_STUCK} ${ErrorCode.BUS_STUCK}`);
    });

    it("opens no part on hardware I2C that says nothing of errors", () => {
      expect(lines.get("BME280")).toMatch(/^E(711|701)$/);
      expect(lines.get("SHT4x")).toBe(`E${ErrorCode.SENSOR_CHECKSUM}`);
    });

    it("does not take a 1-Wire line that reads as zeros for a part", () => {
      expect(lines.get("1-wire")).toBe("true 0,0");
      expect(lines.get("DS18B20")).toBe(`E${ErrorCode.SENSOR_UNKNOWN}`);
    });

    it("sends and receives on SPI and reads voltages, where nobody drives the line", () => {
      expect(lines.get("SPI")).toBe("0 255,255,255");
      expect(lines.get("analog")).toBe("0");
    });

    it("watches pins that there are, and refuses others", () => {
      expect(lines.get("pulses")).toBe("0 0");
      expect(lines.get("no such pin")).toBe(`E${ErrorCode.PIN_UNUSABLE}`);
    });

    it("refuses a serial line that there is not", () => {
      expect(lines.get("no such line")).toBe(`E${ErrorCode.BUS_FAILED}`);
    });
  });
});
