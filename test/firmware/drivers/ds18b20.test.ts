import { describe, expect, it } from "vitest";
import { Ds18b20 } from "../../../firmware/drivers/ds18b20.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import { Ds18b20Model, type Ds18b20Options } from "../../../scripts/simulate/parts/ds18b20.js";
import { OneWireLine } from "../../../scripts/simulate/parts/one-wire-line.js";
import { sensorDriverContract } from "../../contract/sensor-driver.js";
import { VirtualClock } from "../../support/virtual-clock.js";
import { oneWireOver, worldOf } from "./model-buses.js";

function wired(clock: VirtualClock, soilTemperature = 11.3125, options: Ds18b20Options = {}) {
  const world = worldOf({ soilTemperature });
  const part = new Ds18b20Model(world, options);
  const line = new OneWireLine();
  line.attach(part);
  return { driver: new Ds18b20({ wire: oneWireOver(line, clock) }), part, line, world };
}

const CODES = {
  missing: ErrorCode.BUS_NO_ACK,
  nack: ErrorCode.BUS_NO_ACK,
  // A short looks like a part that sends zeros.
  stuck: ErrorCode.BUS_STUCK,
  "bad-crc": ErrorCode.SENSOR_CHECKSUM,
  cut: ErrorCode.SENSOR_CHECKSUM,
};

describe("DS18B20 driver", () => {
  describe("with a supply of its own", () =>
    sensorDriverContract((clock) => ({ ...wired(clock), values: [11.3125], tolerance: [0] }), CODES));

  describe("on parasite power", () =>
    sensorDriverContract(
      (clock) => ({ ...wired(clock, 11.3125, { isParasitic: true }), values: [11.3125], tolerance: [0] }),
      CODES,
    ));

  const reading = (soilTemperature: number): number => {
    const clock = new VirtualClock();
    const { driver } = wired(clock, soilTemperature);
    const into = new Float32Array(1);
    driver.open();
    driver.start();
    clock.advance(driver.conversionMs);
    expect(driver.read(into, 0)).toBe(ErrorCode.OK);
    return into[0]!;
  };

  // "Operation—Measuring Temperature", table 1.
  it.each([125, 85, 25.0625, 10.125, 0.5, 0, -0.5, -10.125, -25.0625, -55])("reads %d °C", (celsius) => {
    expect(reading(celsius)).toBe(celsius);
  });

  it("takes a true 85 °C, and not the one of a part that lost its supply while it measured", () => {
    const clock = new VirtualClock();
    const { driver, part } = wired(clock, 20);
    driver.open();
    driver.start();
    clock.advance(300);
    part.powerOn();
    clock.advance(500);
    const into = new Float32Array(1);
    expect(driver.read(into, 0)).toBe(ErrorCode.SENSOR_RESTARTED);
    expect(reading(85)).toBe(85);
  });

  it("keeps the line driven for a part on parasite power, which resets otherwise", () => {
    const clock = new VirtualClock();
    const { line } = wired(clock, 20, { isParasitic: true });
    const wire = oneWireOver(line, clock);
    const careless = { ...wire, write: (bytes: ArrayLike<number>) => wire.write(bytes, false) };
    const driver = new Ds18b20({ wire: careless });
    driver.open();
    driver.start();
    clock.advance(750);
    expect(driver.read(new Float32Array(1), 0)).toBe(ErrorCode.SENSOR_RESTARTED);
  });

  it("tells another family of parts, and a line shorted to ground, from a DS18B20", () => {
    const { driver, part } = wired(new VirtualClock());
    part.fault = "wrong-id";
    expect(() => driver.open()).toThrow(`E${ErrorCode.SENSOR_UNKNOWN}:16`);
    part.fault = "stuck";
    expect(() => driver.open()).toThrow(`E${ErrorCode.SENSOR_UNKNOWN}:0`);
  });

  it("reads several parts on one line by their codes, and refuses to without", () => {
    const clock = new VirtualClock();
    const world = worldOf({ upper: 3.5, lower: 7.25 });
    const line = new OneWireLine();
    const upper = new Ds18b20Model(world, { channel: "upper", serial: [1, 1, 1, 1, 1, 1] });
    const lower = new Ds18b20Model(world, { channel: "lower", serial: [2, 2, 2, 2, 2, 2] });
    line.attach(upper);
    line.attach(lower);
    const wire = oneWireOver(line, clock);
    expect(() => new Ds18b20({ wire }).open()).toThrow(`E${ErrorCode.SENSOR_CHECKSUM}:0`);
    const drivers = [upper, lower].map(({ rom }) => new Ds18b20({ wire, rom }));
    for (const driver of drivers) driver.open();
    for (const driver of drivers) driver.start();
    clock.advance(750);
    const values = drivers.map((driver) => {
      const into = new Float32Array(1);
      expect(driver.read(into, 0)).toBe(ErrorCode.OK);
      return into[0];
    });
    expect(values).toEqual([3.5, 7.25]);
  });

  it("refuses a code that is mistyped", () => {
    const { line, part } = wired(new VirtualClock());
    const rom = Uint8Array.from(part.rom);
    rom[3] = rom[3]! ^ 1;
    const wire = oneWireOver(line, new VirtualClock());
    expect(() => new Ds18b20({ wire, rom }).open()).toThrow(`E${ErrorCode.SENSOR_CHECKSUM}:0`);
  });
});
