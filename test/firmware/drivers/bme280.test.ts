import { describe, expect, it } from "vitest";
import { Bme280 } from "../../../firmware/drivers/bme280.js";
import { compensate, readTrimming } from "../../../firmware/drivers/bme280-compensation.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import { Bme280Model, EXAMPLE_TRIMMING } from "../../../scripts/simulate/parts/bme280.js";
import {
  centidegrees,
  fineTemperature,
  humidity1024,
  pascal,
} from "../../../scripts/simulate/parts/bme280-fixed-point.js";
import { I2cWire } from "../../../scripts/simulate/parts/i2c-wire.js";
import { sensorDriverContract } from "../../contract/sensor-driver.js";
import { VirtualClock } from "../../support/virtual-clock.js";
import { i2cOver, worldOf } from "./model-buses.js";

const { t, p, h } = EXAMPLE_TRIMMING;
const ADDRESS = 0x76;

/**
 * Bosch's reference for pressure in 64-bit integers (BST-BME280-DS002-15 §4.2.3), in 256ths of a pascal. `fine` is that of
 * the 32-bit reference for temperature.
 */
function pressureReference(fine: number, adcP: number): bigint {
  const [p1, p2, p3, p4, p5, p6, p7, p8, p9] = p.map(BigInt) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  let v1 = BigInt(fine) - 128000n;
  let v2 = v1 * v1 * p6;
  v2 += (v1 * p5) << 17n;
  v2 += p4 << 35n;
  v1 = ((v1 * v1 * p3) >> 8n) + ((v1 * p2) << 12n);
  v1 = (((1n << 47n) + v1) * p1) >> 33n;
  let value = 1048576n - BigInt(adcP);
  value = (((value << 31n) - v2) * 3125n) / v1;
  v1 = (p9 * (value >> 13n) * (value >> 13n)) >> 25n;
  v2 = (p8 * value) >> 19n;
  return ((value + v1 + v2) >> 8n) + (p7 << 4n);
}

/** The trimming registers, as a part holds them. */
function trimmingRegisters(): [Uint8Array, Uint8Array] {
  const wire = new I2cWire();
  wire.attach(new Bme280Model(worldOf({})));
  const registers = (first: number, count: number): Uint8Array => {
    const into = new Uint8Array(count);
    wire.write(ADDRESS, Uint8Array.of(first), 0);
    wire.read(ADDRESS, into, 0);
    return into;
  };
  return [registers(0x88, 26), registers(0xe1, 7)];
}

function compensated(adcT: number, adcH: number, adcP: number): [number, number, number] {
  const into = new Float32Array(3);
  compensate(readTrimming(...trimmingRegisters())!, adcT, adcH, adcP, into, 0);
  return [into[0]!, into[1]!, into[2]!];
}

describe("BME280 compensation", () => {
  it("reads signed, shared and unsigned trimming parameters from their registers", () => {
    expect([...readTrimming(...trimmingRegisters())!]).toEqual([...t, ...p, ...h]);
  });

  it("extends the sign of the twelve-bit ones", () => {
    const [low, high] = trimmingRegisters();
    // H4 = -2 (0xffe), H5 = -17 (0xfef): E4 = ff, E5 = fe, E6 = fe.
    high.set([0xff, 0xfe, 0xfe, 0x80], 3);
    expect([...readTrimming(low, high)!].slice(15)).toEqual([-2, -17, -128]);
  });

  it.each([0x00, 0xff])("refuses trimming registers that nobody drives (all %i)", (fill) => {
    const [low, high] = trimmingRegisters();
    const trimming = readTrimming(low.fill(fill), high.fill(fill));
    if (fill === 0) expect(trimming).toBeUndefined();
    // Ones are numbers a part could have: the chip's id tells.
    else expect(trimming).toBeDefined();
  });

  it("gives the example of the BMP280's datasheet, which has the same formulas: 25.08 °C, 100653.27 Pa", () => {
    const fine = fineTemperature(EXAMPLE_TRIMMING, 519888);
    expect(fine).toBe(128422);
    expect(centidegrees(fine)).toBe(2508);
    expect(Number(pressureReference(fine, 415148)) / 256).toBeCloseTo(100653.27, 1);
    const [temperature, , pressure] = compensated(519888, 30000, 415148);
    expect(temperature).toBeCloseTo(25.08, 2);
    expect(pressure).toBeCloseTo(100653.27, 1);
  });

  it("agrees with the integer references over the range of the part", () => {
    let worstT = 0;
    let worstP = 0;
    let worstH = 0;
    for (let adcT = 380_000; adcT <= 720_000; adcT += 12_345) {
      const fine = fineTemperature(EXAMPLE_TRIMMING, adcT);
      for (let adcP = 250_000; adcP <= 700_000; adcP += 43_211) {
        for (let adcH = 20_000; adcH <= 45_000; adcH += 6_007) {
          const [temperature, humidity, pressure] = compensated(adcT, adcH, adcP);
          worstT = Math.max(worstT, Math.abs(temperature - centidegrees(fine) / 100));
          worstP = Math.max(worstP, Math.abs(pressure - Number(pressureReference(fine, adcP)) / 256));
          worstH = Math.max(
            worstH,
            Math.abs(humidity - Math.min(100, humidity1024(EXAMPLE_TRIMMING, fine, adcH) / 1024)),
          );
        }
      }
    }
    expect(worstT).toBeLessThan(0.011);
    // The references round the temperature on the way: half a pascal is four centimetres of height.
    expect(worstP).toBeLessThan(0.5);
    expect(worstH).toBeLessThan(0.03);
  });

  it("and so does the model's 32-bit pressure, to a few pascals", () => {
    for (let adcP = 250_000; adcP <= 700_000; adcP += 9_973) {
      const reference = Number(pressureReference(128422, adcP)) / 256;
      expect(Math.abs(pascal(EXAMPLE_TRIMMING, 128422, adcP) - reference)).toBeLessThan(8);
    }
  });
});

describe("BME280 driver", () => {
  const wired = (clock: VirtualClock) => {
    const world = worldOf({ airTemperature: -3.25, relativeHumidity: 87.5, airPressure: 96510 });
    const part = new Bme280Model(world);
    const wire = new I2cWire();
    wire.attach(part);
    const i2c = i2cOver(wire, clock);
    return { driver: new Bme280({ i2c, address: ADDRESS }), part, world, i2c };
  };

  sensorDriverContract((clock) => ({ ...wired(clock), values: [-3.25, 87.5, 96510], tolerance: [0.02, 0.1, 10] }), {
    missing: ErrorCode.BUS_NO_ACK,
    nack: ErrorCode.BUS_NO_ACK,
    stuck: ErrorCode.BUS_STUCK,
    "wrong-id": ErrorCode.BUS_NO_ACK,
    cut: ErrorCode.BUS_NO_ACK,
  });

  const opened = () => {
    const clock = new VirtualClock();
    const all = { clock, ...wired(clock) };
    all.driver.open();
    return all;
  };
  const into = new Float32Array(3);

  it("refuses a BMP280, which has no humidity", () => {
    const { driver, part } = opened();
    part.fault = "wrong-id";
    expect(() => driver.open()).toThrow(`E${ErrorCode.SENSOR_UNKNOWN}:88`);
  });

  it("tells a measurement that is not over", () => {
    const { clock, driver } = opened();
    driver.start();
    clock.advance(5);
    expect(driver.read(into, 0)).toBe(ErrorCode.SENSOR_BUSY);
    clock.advance(5);
    expect(driver.read(into, 0)).toBe(ErrorCode.OK);
  });

  it("waits as long as the datasheet's longest measurement takes", () => {
    const { clock, driver } = opened();
    driver.start();
    clock.advance(driver.conversionMs);
    expect(driver.read(into, 0)).toBe(ErrorCode.OK);
  });

  it("drops what a part gives that lost its supply between opening and reading", () => {
    const { clock, driver, part } = opened();
    part.powerOn(-1000);
    driver.start();
    clock.advance(10);
    // Humidity was not asked for since: its register holds the reset value.
    expect(driver.read(into, 0)).toBe(ErrorCode.SENSOR_FAILED);
    driver.start();
    part.powerOn(-1000);
    clock.advance(10);
    expect(driver.read(into, 0)).toBe(ErrorCode.SENSOR_RESTARTED);
  });

  it.each([0, 1, 4, 7, 10, 11])("drops an answer that was cut after %i bytes", (bytes) => {
    const { clock, driver, part } = opened();
    driver.start();
    clock.advance(10);
    part.fault = "cut";
    part.cutAfterBytes = bytes;
    expect(driver.read(into, 0)).not.toBe(ErrorCode.OK);
  });

  it("takes nothing from a bus that says OK to everything", () => {
    const deaf = {
      write: () => ErrorCode.OK,
      read: (_address: number, bytes: Uint8Array) => (bytes.fill(0xff), ErrorCode.OK),
    };
    const driver = new Bme280({ i2c: deaf, address: ADDRESS });
    expect(() => driver.open()).toThrow(`E${ErrorCode.SENSOR_UNKNOWN}`);
    expect(driver.read(into, 0)).not.toBe(ErrorCode.OK);
  });

  it("does not see a wrong bit: the part sends no checksum, and the documents say so", () => {
    const { clock, driver, part } = opened();
    driver.start();
    clock.advance(10);
    part.fault = "bad-crc";
    expect([ErrorCode.OK, ErrorCode.SENSOR_BUSY, ErrorCode.BUS_NO_ACK]).toContain(driver.read(into, 0));
  });
});
