import { describe, expect, it } from "vitest";
import { Sht4x } from "../../../firmware/drivers/sht4x.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import { I2cWire } from "../../../scripts/simulate/parts/i2c-wire.js";
import { Sht4xModel } from "../../../scripts/simulate/parts/sht4x.js";
import { sensorDriverContract } from "../../contract/sensor-driver.js";
import { VirtualClock } from "../../support/virtual-clock.js";
import { i2cOver, worldOf } from "./model-buses.js";

const ADDRESS = 0x44;

function wired(clock: VirtualClock, air = { airTemperature: 21.4, relativeHumidity: 63.2 }) {
  const world = worldOf(air);
  const part = new Sht4xModel(world);
  const wire = new I2cWire();
  wire.attach(part);
  return { driver: new Sht4x({ i2c: i2cOver(wire, clock), address: ADDRESS }), part, world };
}

function measured(air: { airTemperature: number; relativeHumidity: number }): [number, number] {
  const clock = new VirtualClock();
  const { driver } = wired(clock, air);
  const into = new Float32Array(2);
  driver.open();
  expect(driver.start()).toBe(ErrorCode.OK);
  clock.advance(driver.conversionMs);
  expect(driver.read(into, 0)).toBe(ErrorCode.OK);
  return [into[0]!, into[1]!];
}

describe("SHT4x driver", () => {
  sensorDriverContract((clock) => ({ ...wired(clock), values: [21.4, 63.2], tolerance: [0.002, 0.002] }), {
    missing: ErrorCode.BUS_NO_ACK,
    nack: ErrorCode.BUS_NO_ACK,
    stuck: ErrorCode.BUS_STUCK,
    "bad-crc": ErrorCode.SENSOR_CHECKSUM,
    "wrong-id": ErrorCode.SENSOR_CHECKSUM,
    cut: ErrorCode.SENSOR_CHECKSUM,
  });

  it.each([
    [-40, 0],
    [0, 12.5],
    [124.9, 100],
  ])("converts by the datasheet's formulas: %d °C, %d %%RH", (airTemperature, relativeHumidity) => {
    const [temperature, humidity] = measured({ airTemperature, relativeHumidity });
    expect(temperature).toBeCloseTo(airTemperature, 2);
    expect(humidity).toBeCloseTo(relativeHumidity, 2);
  });

  it("cuts humidity at the ends, where the sensor goes beyond", () => {
    expect(measured({ airTemperature: 20, relativeHumidity: 112 })[1]).toBe(100);
    expect(measured({ airTemperature: 20, relativeHumidity: -4 })[1]).toBe(0);
  });

  it("hears no acknowledgement while the part measures", () => {
    const clock = new VirtualClock();
    const { driver } = wired(clock);
    driver.open();
    driver.start();
    clock.advance(8);
    expect(driver.read(new Float32Array(2), 0)).toBe(ErrorCode.BUS_NO_ACK);
    clock.advance(1);
    expect(driver.read(new Float32Array(2), 0)).toBe(ErrorCode.OK);
  });

  it("takes an answer once: without a new measurement there is none", () => {
    const clock = new VirtualClock();
    const { driver } = wired(clock);
    driver.open();
    driver.start();
    clock.advance(9);
    expect(driver.read(new Float32Array(2), 0)).toBe(ErrorCode.OK);
    expect(driver.read(new Float32Array(2), 0)).toBe(ErrorCode.BUS_NO_ACK);
  });

  it("does not open on another part at its address", () => {
    const { driver, part } = wired(new VirtualClock());
    part.fault = "wrong-id";
    expect(() => driver.open()).toThrow(`E${ErrorCode.SENSOR_CHECKSUM}:0`);
  });

  it("gives up on a serial number that never comes", () => {
    const busy = { write: () => ErrorCode.OK, read: () => ErrorCode.BUS_NO_ACK };
    expect(() => new Sht4x({ i2c: busy, address: ADDRESS }).open()).toThrow(`E${ErrorCode.BUS_NO_ACK}:0`);
  });
});
