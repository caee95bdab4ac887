import { afterEach, describe, expect, test } from "vitest";
import { openNodeLine } from "../../../scripts/device/serial/node-line.js";
import { openError } from "../../../scripts/device/serial/open-error.js";
import type { OpenLine, SerialLine } from "../../../scripts/device/serial/serial-line.js";
import { MemoryPort } from "../../support/serial/memory-port.js";
import { Pty, socatCommand } from "../../support/serial/pty.js";
import type { SerialDevice } from "../../support/serial/serial-device.js";

/** Sends back what it gets, in capitals. */
class Echo implements SerialDevice {
  #send!: (bytes: Uint8Array) => void;

  connect(send: (bytes: Uint8Array) => void): void {
    this.#send = send;
  }

  receive(bytes: Uint8Array): void {
    this.#send(bytes.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte)));
  }
}

interface Bench {
  readonly path: string;
  readonly openLine: OpenLine;
  unplug(): Promise<void>;
}

function memoryBench(): Promise<Bench> {
  const port = new MemoryPort(new Echo());
  return Promise.resolve({ path: port.path, openLine: port.openLine, unplug: async () => port.unplug() });
}

async function ptyBench(): Promise<Bench> {
  const pty = await Pty.with(new Echo());
  return { path: pty.path, openLine: openNodeLine, unplug: () => pty.close() };
}

async function heard(line: SerialLine, bytes: Uint8Array): Promise<Uint8Array> {
  const got: number[] = [];
  const complete = new Promise<void>((resolve) => {
    const stop = line.listen((chunk) => {
      got.push(...chunk);
      if (got.length < bytes.length) return;
      stop();
      resolve();
    });
  });
  await line.write(bytes);
  await complete;
  return Uint8Array.from(got);
}

const kinds = [
  ["in memory", memoryBench, true],
  ["of this machine, on a pseudo-terminal (needs socat)", ptyBench, socatCommand !== undefined],
] as const;

for (const [name, makeBench, canRun] of kinds) {
  describe.skipIf(!canRun)(`a serial port ${name}`, () => {
    let bench: Bench | undefined;
    afterEach(() => bench?.unplug());

    test("carries every byte both ways, in order", async () => {
      bench = await makeBench();
      const line = await bench.openLine(bench.path, { baudRate: 115200 });
      const all = Uint8Array.from({ length: 4096 }, (_, i) => i & 0xff);
      const capitals = all.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte));
      expect(await heard(line, all)).toEqual(capitals);
      await line.setBaudRate(460800);
      expect(await heard(line, Uint8Array.of(0x61, 0x00, 0xff))).toEqual(Uint8Array.of(0x41, 0x00, 0xff));
      await line.close();
    });

    test("is gone once it is unplugged, and says so", async () => {
      bench = await makeBench();
      const line = await bench.openLine(bench.path, { baudRate: 115200 });
      await heard(line, Uint8Array.of(1));
      await bench.unplug();
      await line.gone;
      bench = undefined;
      expect(line.isOpen).toBe(false);
      const lost = { code: "PORT_LOST" };
      await expect(line.write(Uint8Array.of(1))).rejects.toMatchObject(lost);
      await expect(line.setBaudRate(9600)).rejects.toMatchObject(lost);
      await expect(line.setLines({ dtr: true, rts: false })).rejects.toMatchObject(lost);
      await line.close();
    });

    test("is held by one, and free again once closed", async () => {
      bench = await makeBench();
      const line = await bench.openLine(bench.path, { baudRate: 115200 });
      await expect(bench.openLine(bench.path, { baudRate: 115200 })).rejects.toMatchObject({ code: "PORT_BUSY" });
      await line.close();
      await line.gone;
      const again = await bench.openLine(bench.path, { baudRate: 115200 });
      expect(await heard(again, Uint8Array.of(0x7a))).toEqual(Uint8Array.of(0x5a));
      await again.close();
    });

    test("of another name is missing", async () => {
      bench = await makeBench();
      await expect(bench.openLine("/dev/ttyNONE", { baudRate: 115200 })).rejects.toMatchObject({
        code: "PORT_MISSING",
      });
    });
  });
}

test("a file is no serial port", async () => {
  await expect(openNodeLine(import.meta.filename, { baudRate: 115200 })).rejects.toMatchObject({
    code: "PORT_NOT_SERIAL",
  });
});

describe("what the system says about opening a port", () => {
  test.each([
    ["Error: Permission denied, cannot open /dev/ttyUSB0", "PORT_DENIED"],
    ["Opening COM3: Access denied", "PORT_DENIED"],
    ["Error: Resource temporarily unavailable Cannot lock port", "PORT_BUSY"],
    ["Error: No such file or directory, cannot open /dev/ttyUSB0", "PORT_MISSING"],
    ["Opening COM3: File not found", "PORT_MISSING"],
    ["Error: Inappropriate ioctl for device, cannot open /dev/null", "PORT_NOT_SERIAL"],
    ["Error: Input/output error, cannot open /dev/ttyS4", "PORT_FAILED"],
  ])("%s", (cause, code) => {
    expect(openError("/dev/ttyUSB0", cause, []).code).toBe(code);
  });

  test("a missing port is told together with those that there are", () => {
    const cause = "Error: No such file or directory";
    expect(openError("/dev/ttyUSB1", cause, ["/dev/ttyUSB0", "/dev/ttyACM0"]).message).toContain(
      "There is no port /dev/ttyUSB1; there are /dev/ttyUSB0, /dev/ttyACM0.",
    );
    expect(openError("/dev/ttyUSB1", cause, []).message).toContain("this machine has none");
  });
});
