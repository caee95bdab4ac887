import { describe, expect, test, type TestContext } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { linuxField } from "../../../boards/linux-field.js";
import { linux } from "../../../boards/linux.js";
import { EspruinoConsole } from "../../../scripts/device/console/espruino-console.js";
import type { StorageFile } from "../../../scripts/device/upload/device-files.js";
import { type Uploaded, upload, type UploadOptions } from "../../../scripts/device/upload/upload.js";
import { SeededRandom } from "../../../scripts/readings/seeded-random.js";
import { ConsoleModel, type ConsoleModelOptions } from "../../support/serial/console-model.js";
import { espruinoCommand, LiveEspruino } from "../../support/serial/live-espruino.js";
import { MemoryPort } from "../../support/serial/memory-port.js";
import { storageOf } from "../../support/serial/storage-of.js";

interface Bench {
  readonly port: MemoryPort;
  readonly boots: () => number;
  readonly read: (name: string) => Uint8Array | undefined;
  readonly stop: () => void;
}

function modelBench(options: ConsoleModelOptions = {}): Bench & { model: ConsoleModel } {
  const model = new ConsoleModel(options);
  const read = (name: string): Uint8Array | undefined => model.storage.read(name);
  return { model, port: new MemoryPort(model), boots: () => model.boots, read, stop: () => undefined };
}

function liveBench(): Bench {
  const engine = new LiveEspruino();
  const read = (name: string): Uint8Array | undefined => storageOf(engine.folder).read(name);
  return { port: new MemoryPort(engine), boots: () => engine.starts, read, stop: () => engine.stop() };
}

/** A script of many functions, as a bundle is. @param edit goes into one of them */
function script(edit: string, functions = 300): Uint8Array {
  const lines = Array.from(
    { length: functions },
    (_, i) => `function f${i}(a){return a+"${i === 7 ? edit : i * 77}"}\n`,
  );
  return Buffer.from(`${lines.join("")}print("the application runs");`);
}

const random = new SeededRandom(11);
const pack = Uint8Array.from({ length: 5000 }, () => random.below(256));
const code = script("first");
const files: StorageFile[] = [
  { name: ".bootcde", bytes: code },
  { name: "model.smod", bytes: pack },
];

const run = ({ port }: Bench, options: Partial<UploadOptions> = {}): Promise<Uploaded> =>
  upload({ path: port.path, openLine: port.openLine, baudRate: 115200, board: linux, files, ...options });

const kinds = [
  ["a model of the console", modelBench, true],
  ["a live Espruino (needs espruino)", liveBench, espruinoCommand !== undefined],
] as const;

/** A slot of 40 pages. */
function slot(content: Uint8Array): StorageFile {
  const bytes = new Uint8Array(40 * linuxField.storage.pageBytes).fill(0xff);
  bytes.set(content);
  return { name: "app.a", bytes, contentBytes: content.length };
}

describe.skipIf(espruinoCommand === undefined)("an upload into a slot (needs espruino)", () => {
  test.for([
    ["longer than before", 300],
    ["", 300],
    ["first", 280],
  ] as const)("of an edit (%s, %i functions) sends what was edited", async ([edit, functions], { onTestFinished }) => {
    const bench = liveBench();
    onTestFinished(bench.stop);
    const bring = (content: Uint8Array): Promise<Uploaded> =>
      run(bench, { board: linuxField, files: [slot(content), { name: "note", bytes: content.subarray(0, 200) }] });
    await bring(script("some text of the middle length", 300));
    const sent = bench.port.written;
    const edited = script(edit, functions);
    await bring(edited);
    expect(Buffer.from(bench.read("app.a")!).equals(slot(edited).bytes)).toBe(true);
    expect(bench.port.written - sent).toBeLessThan(edited.length / 2);
  });
});

for (const [name, makeBench, canRun] of kinds) {
  (canRun ? describe.concurrent : describe.skip)(`an upload to ${name}`, () => {
    const start = (onTestFinished: TestContext["onTestFinished"]): Bench => {
      const bench = makeBench();
      onTestFinished(bench.stop);
      return bench;
    };

    test("brings every byte, starts the application, and sends nothing twice", async ({ expect, onTestFinished }) => {
      const bench = start(onTestFinished);
      const plans: string[][] = [];
      const first = await run(bench, { planned: ({ changed }) => plans.push([...changed]) });
      expect(first.printed.at(-1)).toBe("the application runs");
      expect(first.changed).toEqual(["model.smod", ".bootcde"]);
      expect(Buffer.from(bench.read(".bootcde")!).equals(code)).toBe(true);
      expect(Buffer.from(bench.read("model.smod")!).equals(pack)).toBe(true);
      const [boots, sent] = [bench.boots(), bench.port.written];
      const second = await run(bench);
      expect(second).toMatchObject({ changed: [], unchanged: [".bootcde", "model.smod"], bytes: 0 });
      expect(bench.boots()).toBe(boots);
      expect(bench.port.written - sent).toBeLessThan(1000);
    });

    test("of an edit sends what was edited", async ({ expect, onTestFinished }) => {
      const bench = start(onTestFinished);
      await run(bench);
      const sent = bench.port.written;
      const edited = script("edited, and longer than before");
      const { changed, printed } = await run(bench, { files: [{ name: ".bootcde", bytes: edited }, files[1]!] });
      expect(changed).toEqual([".bootcde"]);
      expect(printed.at(-1)).toBe("the application runs");
      expect(Buffer.from(bench.read(".bootcde")!).equals(edited)).toBe(true);
      expect(bench.read("sertao.tmp")).toBeUndefined();
      expect(bench.port.written - sent).toBeLessThan(edited.length / 3);
    });

    test("keeps the provisioning that worked beside a new one", async ({ expect, onTestFinished }) => {
      const bench = start(onTestFinished);
      const cfg = (byte: number): StorageFile => ({ name: "sertao.cfg", bytes: new Uint8Array(90).fill(byte) });
      await run(bench, { files: [cfg(1)] });
      expect(bench.read("sertao.old")).toBeUndefined();
      await run(bench, { files: [cfg(2)] });
      expect(bench.read("sertao.cfg")).toEqual(cfg(2).bytes);
      expect(bench.read("sertao.old")).toEqual(cfg(1).bytes);
      await run(bench, { files: [cfg(3)] });
      expect(bench.read("sertao.cfg")).toEqual(cfg(3).bytes);
      expect(bench.read("sertao.old")).toEqual(cfg(1).bytes);
    });

    test.for<[string, RegExp]>([
      [
        "nothing.here()",
        /UPLOAD_NOT_STARTED: The application does not start: ReferenceError: "?nothing"? is not defined\./,
      ],
      [
        'print("sertao: cannot start: E502:0")',
        /UPLOAD_NOT_STARTED: .*NOT_PROVISIONED \(E502:0\): The file sertao\.cfg is missing/,
      ],
    ])("that does not start (%s) says why", async ([text, message], { expect, onTestFinished }) => {
      const bench = start(onTestFinished);
      await expect(run(bench, { files: [{ name: ".bootcde", bytes: Buffer.from(text) }] })).rejects.toThrow(message);
    });

    test.for([3_000, 9_000])(
      "cut off after %i bytes is completed by the next",
      async (unplugAfter, { expect, onTestFinished }) => {
        const bench = start(onTestFinished);
        await run(bench, { files: [{ name: ".bootcde", bytes: script("old", 40) }] });
        bench.port.spoil({ unplugAfter });
        await expect(run(bench)).rejects.toThrow(/PORT_LOST/);
        bench.port.plugIn();
        const { printed } = await run(bench);
        expect(printed.at(-1)).toBe("the application runs");
        expect(Buffer.from(bench.read(".bootcde")!).equals(code)).toBe(true);
        expect(Buffer.from(bench.read("model.smod")!).equals(pack)).toBe(true);
      },
    );

    test("ended by Ctrl-C is completed by the next", async ({ expect, onTestFinished }) => {
      const bench = start(onTestFinished);
      const controller = new AbortController();
      const ended = run(bench, { signal: controller.signal, progress: () => controller.abort() });
      await expect(ended).rejects.toMatchObject({ code: "UPLOAD_INTERRUPTED", exitCode: 130 });
      expect((await run(bench)).printed.at(-1)).toBe("the application runs");
    });

    test("for another board is refused, and nothing is touched", async ({ expect, onTestFinished }) => {
      const bench = start(onTestFinished);
      await expect(run(bench, { board: esp32 })).rejects.toThrow(
        /UPLOAD_WRONG_BOARD: The firmware is for LINUX; esp32 runs ESP32 or ESP32_IDF4\./,
      );
      expect(bench.read(".bootcde")).toBeUndefined();
    });

    test("too large for Storage is refused, and nothing is erased", async ({ expect, onTestFinished }) => {
      const bench = start(onTestFinished);
      await run(bench);
      const huge = { name: "model.smod", bytes: new Uint8Array(950_000) };
      await expect(run(bench, { files: [files[0]!, huge] })).rejects.toThrow(
        /UPLOAD_NO_ROOM: .*nothing was erased|UPLOAD_NO_ROOM/,
      );
      expect(Buffer.from(bench.read("model.smod")!).equals(pack)).toBe(true);
    });
  });
}

(espruinoCommand === undefined ? describe.skip : describe.concurrent)(
  "over a line that loses bytes (needs espruino)",
  () => {
    test.for([
      ["to the device", { loseToDevice: [3000] }],
      ["to the host", { loseToHost: [20, 300] }],
    ] as const)("%s it goes through", { timeout: 120_000 }, async ([, faults], { onTestFinished }) => {
      const bench = liveBench();
      onTestFinished(bench.stop);
      bench.port.spoil(faults);
      expect((await run(bench)).printed.at(-1)).toBe("the application runs");
      expect(Buffer.from(bench.read(".bootcde")!).equals(code)).toBe(true);
    });
  },
);

describe("an upload", () => {
  test("goes through little memory in small pieces", async () => {
    const bench = modelBench({ freeJsVars: 1500 });
    await run(bench);
    expect(bench.read("model.smod")).toEqual(pack);
  });

  test("edits a full Storage by sending whole files, and Storage makes room", async () => {
    const bench = modelBench({ storagePages: 6 });
    await run(bench);
    for (const edit of ["a", "b", "c"]) {
      const edited = script(edit);
      await run(bench, { files: [{ name: ".bootcde", bytes: edited }, files[1]!] });
      expect(Buffer.from(bench.read(".bootcde")!).equals(edited)).toBe(true);
    }
  });

  test("finds a board again whose USB port goes away while it restarts", async () => {
    const bench = modelBench({
      rebooting: () => {
        bench.port.unplug();
        setTimeout(() => bench.port.plugIn(), 300);
      },
    });
    expect((await run(bench)).changed).toHaveLength(2);
    expect(bench.boots()).toBe(2);
  });

  test("notices that the engine did not restart", async () => {
    const bench = modelBench();
    bench.port.device.receive = new Proxy(bench.port.device.receive.bind(bench.model), {
      apply: (receive, _, [bytes]: [Uint8Array]) => {
        const text = Buffer.from(bytes).toString("latin1");
        return receive(text.includes("E.reboot()") ? Buffer.from("\x10\x01\x20\x010") : bytes);
      },
    });
    await expect(run(bench)).rejects.toThrow(
      /CONSOLE_FAILED: E\.reboot failed on the device: the engine goes on as before/,
    );
  });

  test("over a line that spoils a file is noticed", async () => {
    const bench = modelBench();
    const write = bench.model.storage.write.bind(bench.model.storage);
    bench.model.storage.write = (name, data, offset, size) =>
      write(name, name === "model.smod" ? data.map((byte, i) => (i === 9 ? byte ^ 1 : byte)) : data, offset, size);
    await expect(run(bench)).rejects.toThrow(/UPLOAD_VERIFY_FAILED: model\.smod reads back/);
  });
});

describe("a console that does not answer", () => {
  test.for([
    ["is silent", "", /CONSOLE_SILENT: Espruino does not answer on \/dev\/ttyMEMORY: there is no sound at all\./],
    ["echoes, as old firmware does", "\r\n>", /CONSOLE_SILENT: .* in packets: its firmware may be older than 2v25\./],
    ["is a ROM loader", "boot:0x3 (DOWNLOAD_BOOT)\r\nwaiting for download\r\n", /: the chip waits in its ROM loader\./],
    ["restarts", "ets Jun  8 2016 00:22:57\r\nrst:0xc (SW_CPU_RESET)\r\n", /: the chip restarts over and over\./],
    ["is another program", "login: ", /: something else speaks there\./],
    ["wants a password", "password>", /CONSOLE_LOCKED/],
  ] as const)("because it %s is told so", async ([, says, message]) => {
    const bench = modelBench();
    bench.model.deaf = () => bench.model.say(says);
    const device = new EspruinoConsole(await bench.port.openLine(bench.port.path, { baudRate: 115200 }));
    await expect(device.open(300, 100)).rejects.toThrow(message);
  });
});
