import { describe, expect, it } from "vitest";
import type { PartPlacement } from "../../../scripts/simulate/parts/placement.js";
import { printed, startScript } from "./run-script.js";

const readings = () => ({
  read: (channel: string) => ({ airTemperature: 10, relativeHumidity: 50, rainRate: 8, soilTemperature: 4 })[channel],
});
const withParts = (code: string, parts: readonly PartPlacement[], seconds = 10): Promise<string[]> =>
  printed(code, seconds, { readings, parts });

/** Prints what a call throws. */
const TRY = `function tried(run) { try { return String(run()); } catch (e) { return e.message; } }`;

// Texts are those of Espruino's sources (targets/esp32/jshardwareI2c.c, src/jswrap_io.c).
describe("emulated buses of Espruino", () => {
  it("words I2C's errors as the ESP32's port, and refuses a bus that was not set up", async () => {
    const lines = await withParts(
      `${TRY}
      print(tried(function () { I2C1.writeTo(0x76, 0xd0); }));
      I2C1.setup({ sda: "D21", scl: "D22", bitrate: 100000 });
      print(tried(function () { I2C1.writeTo(0x10, 1); }), tried(function () { I2C1.readFrom(0x10, 1); }));
      print(tried(function () { return I2C1.readFrom(0x76, 0); }), tried(function () { return I2C1.writeTo(0x76); }));`,
      [{ part: "bme280", on: "I2C1" }],
    );
    expect(lines).toEqual([
      "jshI2CWrite:, unknown error code 259",
      "jshI2CWrite: slave doesn't ACK the transfer jshI2CRead: slave doesn't ACK the transfer",
      "undefined undefined",
    ]);
  });

  it("takes an address as an object, bytes in pieces, and reads registers", async () => {
    const lines = await withParts(
      `I2C1.setup({}); I2C1.writeTo({ address: 0x76, stop: false }, [0xd0]); print(I2C1.readFrom(0x76, 1)[0]);
      print([].slice.call(I2C1.readReg(0x76, 0x88, 2)).join());`,
      [{ part: "bme280", on: "I2C1" }],
    );
    expect(lines).toEqual(["96", "112,107"]);
  });

  it("stands still for a second where somebody holds the bus", async () => {
    const faults = [{ fault: "stuck" as const, fromHour: 0, hours: 1 }];
    const lines = await withParts(
      `${TRY} I2C1.setup({}); var t = getTime(); print(tried(function () { I2C1.writeTo(0x76, 1); })); print((getTime() - t).toFixed(3));`,
      [{ part: "bme280", on: "I2C1", faults }],
    );
    expect(lines).toEqual(["jshI2CWrite:, Operation timeout because the bus is busy", "1.000"]);
  });

  it("selects 1-Wire parts by their code", async () => {
    const lines = await withParts(
      `var w = new OneWire("D4"); w.reset(); w.write(0x33); var rom = w.read(8);
      var hex = [].map.call(rom, function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
      w.select(hex); w.write(0x44); setTimeout(function () { w.select(hex); w.write(0xbe); print(hex, [].slice.call(w.read(2)).join(), w.read() === undefined); }, 800);`,
      [{ part: "ds18b20", on: "D4" }],
    );
    expect(lines).toEqual(["280102030405069e 64,0 false"]);
  });

  it("gives edges to watches as asked: once or again, falling or rising, debounced or not", async () => {
    const lines = await withParts(
      `var n = { both: 0, rising: 0, once: 0, slow: 0, deaf: 0 };
      setWatch(function () { n.both++; }, "D27", true);
      setWatch(function (e) { if (!e.state) throw new Error("falling"); n.rising++; }, "D27", { repeat: true, edge: "rising", debounce: 5 });
      setWatch(function () { n.once++; }, "D27");
      setWatch(function () { n.slow++; }, "D27", { repeat: true, edge: -1, debounce: 100 });
      setWatch(function () { n.deaf++; }, "D26", { repeat: true });
      setTimeout(function () { print(JSON.stringify(n)); }, 2000);`,
      [{ part: "contact", on: "D27", channel: "rainRate", hzPerUnit: 1, closedMs: 30, bounces: 1, bounceMs: 1 }],
    );
    const { both, rising, once, slow, deaf } = JSON.parse(lines[0]!) as Record<string, number>;
    // Eight closures a second; each bounces once, which makes four edges of two.
    expect(rising).toBeGreaterThanOrEqual(15);
    expect(rising).toBeLessThanOrEqual(17);
    expect(both).toBe(4 * rising!);
    expect([once, slow, deaf]).toEqual([1, 0, 0]);
  });

  it("refuses watches that the ESP32 cannot have, and what is no edge", async () => {
    const lines = await withParts(
      `${TRY} print(setWatch(function () {}, "D12") === undefined, setWatch(function () {}, "D99") === undefined);
      print(tried(function () { setWatch(function () {}, "D27", { edge: "up" }); }));
      print(tried(function () { clearWatch(77); }), tried(function () { clearWatch(undefined); }));`,
      [],
    );
    expect(lines.filter((line) => !line.startsWith("WARNING"))).toEqual([
      "true true",
      "'edge' in setWatch should be 1, -1, 0, 'rising', 'falling' or 'both'",
      "Unknown Watch 77 clearWatch(undefined) not allowed. Use clearWatch() instead",
    ]);
  });

  it("loses edges while the interpreter stands still for longer than its queue holds, and raises the flag", async () => {
    const faults = [{ fault: "stuck" as const, fromHour: 0, hours: 1 }];
    const lines = await withParts(
      `var n = 0; setWatch(function () { n++; }, "D27", { repeat: true, edge: "falling" });
      setTimeout(function () { I2C1.setup({}); try { I2C1.writeTo(0x76, 1); } catch (e) {} }, 1000);
      setTimeout(function () { print(n, E.getErrorFlags().join(), E.getErrorFlags().length); }, 3001);`,
      [
        { part: "bme280", on: "I2C1", faults },
        { part: "contact", on: "D27", channel: "rainRate", hzPerUnit: 100, closedMs: 0.5 },
      ],
    );
    const [count, flag, flagsLeft] = lines[0]!.split(" ");
    // 800 a second for two seconds, and 341 of 800 in the second between.
    expect(Number(count)).toBeGreaterThanOrEqual(1935);
    expect(Number(count)).toBeLessThanOrEqual(1945);
    expect([flag, flagsLeft]).toEqual(["FIFO_FULL", "0"]);
  });

  it("keeps the parts' supply over a reset of the device, and takes it with the device's own", async () => {
    // ctrl_meas as it was written, and as it is after a power-on reset.
    const code = `I2C1.setup({}); I2C1.writeTo(0x76, 0xf4); print(I2C1.readFrom(0x76, 1)[0]); I2C1.writeTo(0x76, [0xf4, 0x24]);
      if (!require("Storage").read("r")) { require("Storage").write("r", "1"); setTimeout(E.reboot, 100); }`;
    const { lines, simulation } = await startScript(code, { readings, parts: [{ part: "bme280", on: "I2C1" }] });
    const device = simulation.devices[0]!;
    device.powerOn();
    await simulation.runUntil(5000);
    device.cutPower();
    device.powerOn();
    await simulation.runUntil(10_000);
    simulation.dispose();
    expect(lines).toEqual(["0", "36", "0"]);
  });

  it("counts nothing from before a boot", async () => {
    const lines = await withParts(
      `var n = 0; setWatch(function () { n++; }, "D27", { repeat: true, edge: "falling" });
      if (ESP32.getWakeupCause() === 4) setTimeout(function () { print(n); }, 1000); else ESP32.deepSleep(6e6);`,
      [{ part: "contact", on: "D27", channel: "rainRate", hzPerUnit: 1, closedMs: 10 }],
      12,
    );
    expect(Number(lines[0])).toBeGreaterThanOrEqual(7);
    expect(Number(lines[0])).toBeLessThanOrEqual(9);
  });
});
