import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linux } from "../../../boards/linux.js";
import { linuxField } from "../../../boards/linux-field.js";
import { buildApp, type BuiltApp } from "../../../scripts/bundle/build-app.js";
import { writeBuild } from "../../../scripts/bundle/write-build.js";
import { EspruinoConsole } from "../../../scripts/device/console/espruino-console.js";
import { ConsoleLines } from "../../../scripts/device/monitor/console-lines.js";
import { LevelReader } from "../../../scripts/device/monitor/log-level.js";
import { Monitor, type MonitorLine } from "../../../scripts/device/monitor/monitor.js";
import { StackMapper } from "../../../scripts/device/monitor/stack-mapper.js";
import { watchPort } from "../../../scripts/device/monitor/watch-port.js";
import { upload } from "../../../scripts/device/upload/upload.js";
import { ConsoleModel } from "../../support/serial/console-model.js";
import { espruinoCommand, LiveEspruino } from "../../support/serial/live-espruino.js";
import { MemoryPort } from "../../support/serial/memory-port.js";
import { writeSmallApp } from "../../support/small-app.js";

const folder = mkdtempSync(join(tmpdir(), "sertao-monitor-"));
let built: BuiltApp;
beforeAll(async () => {
  built = await buildApp(writeSmallApp(join(folder, "small"), "hello"), linuxField);
  writeBuild(built, join(folder, "build/small/linux-field"));
  // Another build lies beside it, with another bundle.
  mkdirSync(join(folder, "build/other/linux"), { recursive: true });
  writeBuild({ ...built, code: `${built.code};` }, join(folder, "build/other/linux"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what a console prints", () => {
  const linesOf = (...chunks: string[]): string[] => {
    const lines: string[] = [];
    const reader = new ConsoleLines((line) => lines.push(line));
    for (const chunk of chunks) reader.take(chunk);
    reader.flush();
    return lines;
  };

  test("becomes lines, without prompts and control sequences, wherever it is cut", () => {
    const text = "\r\n>\r\u001b[Jhello\r\n>\r\u001b[J    at f (.bootcde:1:2)\r\nlast";
    for (let cut = 0; cut <= text.length; cut++)
      expect(linesOf(text.slice(0, cut), text.slice(cut))).toEqual(["hello", "    at f (.bootcde:1:2)", "last"]);
  });

  test("cannot take over the reader's terminal", () => {
    expect(linesOf("a\u001b[2J\u001b]0;title\u0007b\u0000\u0008c\n")).toEqual(["a]0;titlebc"]);
  });
});

test("levels are those of the engine, of ESP-IDF and of the framework; a trace has that of its error", () => {
  const reader = new LevelReader();
  const lines: [string, string][] = [
    ["info", "a line"],
    ["error", "Uncaught Error: boom"],
    ["error", "    at g (.bootcde:5:37)"],
    ["error", 'throw new Error("boom");'],
    ["error", "                      ^"],
    ["error", "    at .bootcde:6:25"],
    ["error", "g()"],
    ["error", "  ^"],
    ["info", "the application goes on"],
    ["error", "sertao: cannot start: E502:0"],
    ["error", "E (1234) wifi: no memory"],
    ["warning", "W (1234) wifi: weak"],
    ["info", "I (1234) wifi: connected"],
    ["debug", "D (1234) wifi: beacon"],
    ["warning", "rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)"],
  ];
  for (const [level, line] of lines) expect([reader.levelOf(line), line]).toEqual([level, line]);
});

describe("positions in the bundle", () => {
  test("become those in the sources, in both forms that firmware has", () => {
    const at = built.code.indexOf("boom") + 1;
    const mapper = new StackMapper(built.map);
    expect(mapper.map(`    at f (.bootcde:1:${at})`)).toMatch(/^ {4}at f \(.*small\/main\.ts:\d+:\d+\)$/);
    expect(mapper.map(`at line 1 col ${at} in .bootcde`)).toMatch(/^at .*main\.ts:\d+:\d+$/);
  });

  test("that the map does not know stay as they are", () => {
    const mapper = new StackMapper(built.map);
    for (const line of ["    at f (.bootcde:99:1)", "at .bootcde:0:5", "nothing here", "other.js:1:2"])
      expect(mapper.map(line)).toBe(line);
  });
});

describe("the build that a device runs", () => {
  const view = (show: (line: MonitorLine) => void = () => undefined): Monitor =>
    new Monitor({ least: "debug", buildRoot: join(folder, "build"), show });

  test("is found by its bundle, and none where there is none", async () => {
    const model = new ConsoleModel();
    const port = new MemoryPort(model);
    const device = new EspruinoConsole(await port.openLine(port.path, { baudRate: 115200 }));
    expect(await view().findSources(device)).toBeUndefined();
    model.storage.write(".bootcde", Buffer.from(built.code, "latin1"));
    expect(await view().findSources(device)).toBe(join(folder, "build/small/linux-field"));
    model.storage.erase(".bootcde");
    model.storage.write(".bootcde", Buffer.from("something else"));
    expect(await view().findSources(device)).toBeUndefined();
  });

  test("may be named, and is missed where it is not there", () => {
    expect(() => new Monitor({ least: "info", buildRoot: "build", build: "nowhere", show: () => undefined })).toThrow(
      /FILE_MISSING/,
    );
  });

  test.skipIf(espruinoCommand === undefined)("gives a live trace its sources (needs espruino)", async () => {
    const engine = new LiveEspruino();
    const port = new MemoryPort(engine);
    const files = [
      { name: ".bootcde", bytes: Buffer.from(built.code, "latin1") },
      { name: "sertao.boom", bytes: Buffer.from("1") },
    ];
    await upload({ path: port.path, openLine: port.openLine, baudRate: 115200, board: linux, files });
    const lines: MonitorLine[] = [];
    const line = await port.openLine(port.path, { baudRate: 115200 });
    await new Promise<void>((resolve) => {
      const monitor = view((shown) => {
        lines.push(shown);
        if (/at .*main\.ts/.test(shown.text)) resolve();
      });
      const device = new EspruinoConsole(line, (text) => monitor.printed(text));
      void monitor.findSources(device).then(() => device.evaluateLast("E.reboot()"));
    });
    engine.stop();
    const error = lines.findIndex(({ text }) => text === "Uncaught Error: boom");
    expect(lines[error]!.level).toBe("error");
    expect(lines[error + 1]!.text).toMatch(/ at .*small\/main\.ts:5:\d+/);
    expect(lines.some(({ text }) => text === "small 0.1.0: hello")).toBe(true);
  });
});

describe("a port that goes away and comes back", () => {
  test("is opened again, until the end is asked for", async () => {
    const port = new MemoryPort(new ConsoleModel());
    const controller = new AbortController();
    const events: string[] = [];
    let opened = (): void => undefined;
    const opening = (): Promise<void> => new Promise((resolve) => (opened = resolve));
    const first = opening();
    const watching = watchPort({
      path: port.path,
      openLine: port.openLine,
      lineOptions: { baudRate: 115200 },
      signal: controller.signal,
      opened: () => {
        events.push("opened");
        opened();
      },
      gone: () => events.push("gone"),
    });
    await first;
    const second = opening();
    port.unplug();
    setTimeout(() => port.plugIn(), 300);
    await second;
    controller.abort();
    await watching;
    expect(events).toEqual(["opened", "gone", "opened"]);
    // It is free again.
    await (await port.openLine(port.path, { baudRate: 115200 })).close();
  });

  test("that never was there is an error", async () => {
    const port = new MemoryPort(new ConsoleModel());
    const signal = new AbortController().signal;
    const nothing = (): void => undefined;
    const options = {
      openLine: port.openLine,
      lineOptions: { baudRate: 9600 },
      signal,
      opened: nothing,
      gone: nothing,
    };
    await expect(watchPort({ ...options, path: "/dev/ttyNONE" })).rejects.toThrow(/PORT_MISSING/);
  });
});
