import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Aedes, type AuthenticateError } from "aedes";
import mqtt from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { linux } from "../../../boards/linux.js";
import type { Check } from "../../../scripts/device/doctor/check.js";
import { checkBroker } from "../../../scripts/device/doctor/check-broker.js";
import { examine, type ExamineOptions } from "../../../scripts/device/doctor/examine.js";
import { findFirmware } from "../../../scripts/device/flash/firmware-files.js";
import { portDenied } from "../../../scripts/errors/port.js";
import { encodeProvisioning, type Provisioning } from "../../../scripts/provision/provisioning.js";
import { writeFirmware } from "../../support/rom/firmware.js";
import { RomChip } from "../../support/rom/rom-chip.js";
import { ConsoleModel } from "../../support/serial/console-model.js";
import { espruinoCommand, LiveEspruino } from "../../support/serial/live-espruino.js";
import { MemoryPort } from "../../support/serial/memory-port.js";
import type { SerialDevice } from "../../support/serial/serial-device.js";

const provisioning: Provisioning = {
  device: "d1",
  incarnation: 1,
  brokerHost: "127.0.0.1",
  brokerPort: 1,
  password: "not-a-secret",
};

async function look(device: SerialDevice, more: Partial<ExamineOptions> = {}): Promise<Check[]> {
  const port = new MemoryPort(device);
  return examine({
    ports: [{ path: port.path, usb: { vendorId: 0x10c4, productId: 0xea60 }, manufacturer: "Silicon Labs" }],
    openLine: port.openLine,
    path: port.path,
    rom: false,
    login: false,
    nowSec: 1.8e9,
    consoleTimeoutMs: 400,
    ...more,
  });
}

const of = (checks: readonly Check[], name: string): Check | undefined => checks.find((check) => check.name === name);
const findings = (checks: readonly Check[]): string[] =>
  checks.filter(({ state }) => state === "finding").map(({ name }) => name);

/** A device with everything in place. */
function soundDevice(): ConsoleModel {
  const model = new ConsoleModel();
  model.storage.write(".bootcde", Buffer.from("1"));
  model.storage.write("model.smod", Buffer.from("pack"));
  model.storage.write("sertao.cfg", encodeProvisioning(provisioning));
  return model;
}

describe("a sound device", () => {
  test("has no finding", async () => {
    const checks = await look(soundDevice(), { board: linux, provisioning });
    expect(findings(checks)).toEqual([]);
    expect(of(checks, "ports")!.text).toBe("/dev/ttyMEMORY (CP210x)");
    expect(of(checks, "firmware")!.text).toBe("Espruino 2v29.1 for LINUX");
    expect(of(checks, "provisioning")!.text).toBe("It is the one of d1 that is kept here.");
    expect(of(checks, "clock")!.state).toBe("note");
    expect(of(checks, "Wi-Fi")!.state).toBe("note");
  });

  test("has none where it is asked again from its ROM, and is restarted", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sertao-doctor-"));
    const chip = flashedChip(folder);
    rmSync(folder, { recursive: true, force: true });
    const both = new SwitchedDevice(soundDevice(), chip);
    const checks = await look(both, { rom: true, board: esp32 });
    expect(findings(checks)).toEqual(["board"]);
    expect(checks.slice(-7).map(({ name, text }) => `${name}: ${text}`)).toEqual([
      "boot mode: The ROM loader answers.",
      "chip: ESP32",
      "flash: 4 MB",
      "partitions: nvs, otadata, free, factory, ota_0, flash, storage",
      "bootloader: There is one at 0x1000.",
      "application: There is one at 0x10000.",
      "broker: Not asked.",
    ]);
    expect(chip.boots).toBe(1);
  });
});

describe("a device with something wrong", () => {
  test.each<[string, () => ConsoleModel, Partial<ExamineOptions>, string, RegExp]>([
    ["no application", () => without(".bootcde"), {}, "application", /There is none/],
    ["no provisioning", () => without("sertao.cfg"), {}, "provisioning", /The device has none/],
    [
      "another provisioning",
      soundDevice,
      { provisioning: { ...provisioning, incarnation: 2 } },
      "provisioning",
      /another than the one of d1/,
    ],
    ["another board's firmware", soundDevice, { board: esp32 }, "board", /for LINUX; esp32 runs ESP32 or ESP32_IDF4/],
    ["little memory", () => filled(new ConsoleModel({ freeJsVars: 900 })), {}, "memory", /900 of 16383 JsVars/],
    [
      "a full Storage",
      () => filled(new ConsoleModel({ storagePages: 2 }), 7800),
      {},
      "Storage",
      /of 8192 bytes are free/,
    ],
    [
      "no Wi-Fi",
      () => filled(new ConsoleModel({ wifi: { station: "no_ap_found" } })),
      {},
      "Wi-Fi",
      /Not connected: no_ap_found/,
    ],
    [
      "weak Wi-Fi",
      () => filled(new ConsoleModel({ wifi: { station: "connected", rssi: -85 } })),
      {},
      "Wi-Fi",
      /-85 dBm: weak/,
    ],
  ])("%s: one finding, with a remedy", async (_, make, more, name, text) => {
    const checks = await look(make(), more);
    expect(findings(checks)).toEqual([name]);
    expect(of(checks, name)!.text).toMatch(text);
    expect(of(checks, name)!.remedy).toMatch(/^[A-Z].{20,}\.$/);
  });

  test("secrets are not told, not even the Wi-Fi's", async () => {
    const wifi = { station: "connected", rssi: -60, password: "hunter22222" };
    const text = JSON.stringify(await look(filled(new ConsoleModel({ wifi })), { provisioning }));
    expect(text).not.toMatch(/hunter|not-a-secret/);
  });

  test("a clock that is set wrong is a note", async () => {
    const clock = of(await look(filled(new ConsoleModel({ timeSec: 1.8e9 + 5000 }))), "clock")!;
    expect(clock).toMatchObject({ state: "note", text: expect.stringMatching(/5000 s off this machine's/) as string });
    expect(of(await look(filled(new ConsoleModel({ timeSec: 1.8e9 + 3 }))), "clock")!.state).toBe("ok");
  });
});

describe("a port", () => {
  const base = { openLine: new MemoryPort(new ConsoleModel()).openLine, rom: false, login: false, nowSec: 0 };

  test("is missed where there is none, and named where there are some", async () => {
    expect(findings(await examine({ ...base, ports: [] }))).toEqual(["ports"]);
    const some = await examine({ ...base, ports: [{ path: "/dev/ttyUSB0", usb: undefined, manufacturer: "wch.cn" }] });
    expect(findings(some)).toEqual([]);
    expect(of(some, "ports")!.text).toBe("/dev/ttyUSB0 (wch.cn)");
  });

  test("that is missing or forbidden is the finding, and nothing else is guessed", async () => {
    const missing = await examine({ ...base, ports: [], path: "/dev/ttyUSB0" });
    expect(findings(missing)).toEqual(["port"]);
    expect(of(missing, "port")!.remedy).toMatch(/driver/);
    const openLine = (path: string): Promise<never> => Promise.reject(portDenied(path, "dialout"));
    const denied = await examine({ ...base, openLine, ports: [], path: "/dev/ttyUSB0" });
    expect(of(denied, "port")).toMatchObject({
      text: "PORT_DENIED: You may not open /dev/ttyUSB0, which belongs to the group dialout.",
      remedy: expect.stringContaining("usermod -aG dialout") as string,
    });
  });
});

describe.concurrent("a chip without a running engine", () => {
  test("that is bare lacks everything but itself", { timeout: 30_000 }, async ({ expect }) => {
    const chip = new RomChip();
    const checks = await look(chip, { board: esp32 });
    expect(findings(checks)).toEqual(["console", "partitions", "bootloader", "application"]);
    expect(of(checks, "chip")!.text).toBe("ESP32");
    expect(chip.boots).toBe(1);
  });

  test("that is another one is told", { timeout: 30_000 }, async ({ expect }) => {
    const checks = await look(new RomChip({ chip: "ESP32-C3" }), { board: esp32 });
    expect(findings(checks)).toEqual(["console", "chip"]);
    expect(of(checks, "chip")!.text).toMatch(/FLASH_WRONG_CHIP/);
  });

  test("that answers nowhere has two findings", { timeout: 30_000 }, async ({ expect }) => {
    const silent: SerialDevice = { connect: () => undefined, receive: () => undefined };
    expect(findings(await look(silent))).toEqual(["console", "boot mode"]);
  });
});

describe("the broker", () => {
  let aedes: Aedes;
  let server: Server;
  let refusal: number | undefined;
  beforeEach(async () => {
    refusal = undefined;
    aedes = await Aedes.createBroker({
      authenticate: (_client, _user, _password, done) => {
        if (refusal === undefined) return done(null, true);
        done(Object.assign(new Error("no"), { returnCode: refusal }) as AuthenticateError, null);
      },
    });
    server = createServer((stream) => void aedes.handle(stream));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    await new Promise<void>((resolve) => aedes.close(resolve));
    await new Promise((resolve) => server.close(resolve));
  });
  const there = (): Provisioning => ({ ...provisioning, brokerPort: (server.address() as AddressInfo).port });

  test("that lets the device in is sound", async () => {
    expect(await checkBroker(there())).toMatchObject({
      state: "ok",
      text: expect.stringMatching(/lets d1 in/) as string,
    });
  });

  test.each([
    [4, /refuses d1: user name or password are wrong/],
    [5, /refuses d1: it does not let the device in/],
  ])("that refuses the login with %i is a finding", async (code, text) => {
    refusal = code;
    const check = await checkBroker(there());
    expect(check.state).toBe("finding");
    expect(check.text).toMatch(text);
    expect(JSON.stringify(check)).not.toContain("not-a-secret");
  });

  test("goes on keeping what waits for the device", async () => {
    const { brokerPort: port } = there();
    const options = { port, clientId: "d1", username: "d1", clean: false, reconnectPeriod: 0 };
    const device = await mqtt.connectAsync({ ...options, protocolVersion: 4 });
    await device.subscribeAsync("sertao/v1/d1/config", { qos: 1 });
    await device.endAsync();
    const other = await mqtt.connectAsync({ port });
    await other.publishAsync("sertao/v1/d1/config", "waits", { qos: 1 });
    await other.endAsync();
    expect((await checkBroker(there())).state).toBe("ok");
    const again = mqtt.connect(options);
    const message = await new Promise((resolve) =>
      again.once("message", (topic, payload) => resolve([topic, String(payload)])),
    );
    expect(message).toEqual(["sertao/v1/d1/config", "waits"]);
    await again.endAsync();
  });

  test("that is not there is a finding", async () => {
    const check = await checkBroker(provisioning);
    expect(check).toMatchObject({
      state: "finding",
      text: expect.stringMatching(/No broker answers at 127\.0\.0\.1:1/) as string,
    });
  });
});

describe.skipIf(espruinoCommand === undefined)("a live Espruino (needs espruino)", () => {
  test("is looked at through its console", async () => {
    const engine = new LiveEspruino();
    const checks = await look(engine, { board: linux });
    engine.stop();
    expect(findings(checks)).toEqual(["application", "provisioning"]);
    expect(of(checks, "firmware")!.text).toMatch(/^Espruino 2v\d+.* for LINUX$/);
    expect(of(checks, "memory")!.text).toMatch(/^\d+ of \d+ JsVars are free$/);
    expect(of(checks, "Storage")!.state).toBe("ok");
    expect(of(checks, "clock")!.state).not.toBe("finding");
    expect(of(checks, "Wi-Fi")!.text).toBe("The firmware has no Wi-Fi module.");
  });
});

function filled(model: ConsoleModel, packBytes = 4): ConsoleModel {
  model.storage.write(".bootcde", Buffer.from("1"));
  model.storage.write("model.smod", new Uint8Array(packBytes).fill(1));
  model.storage.write("sertao.cfg", encodeProvisioning(provisioning));
  return model;
}

function without(name: string): ConsoleModel {
  const model = soundDevice();
  model.storage.erase(name);
  return model;
}

function flashedChip(folder: string): RomChip {
  const chip = new RomChip();
  for (const { address, bytes } of findFirmware(esp32, [writeFirmware(folder, esp32)]))
    chip.flash.bytes.set(bytes, address);
  return chip;
}

/** A board whose console answers until its lines reset it into the loader. */
class SwitchedDevice implements SerialDevice {
  readonly #running: ConsoleModel;
  readonly #chip: RomChip;
  #isLoader = false;

  constructor(running: ConsoleModel, chip: RomChip) {
    this.#running = running;
    this.#chip = chip;
  }

  connect(send: (bytes: Uint8Array) => void): void {
    this.#running.connect(send);
    this.#chip.connect(send);
  }

  setLines(lines: { dtr: boolean; rts: boolean }): void {
    this.#isLoader = true;
    this.#chip.setLines(lines);
  }

  setBaudRate(baudRate: number): void {
    this.#chip.setBaudRate(baudRate);
  }

  receive(bytes: Uint8Array): void {
    (this.#isLoader ? this.#chip : this.#running).receive(bytes);
  }
}
