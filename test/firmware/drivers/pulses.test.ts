import { describe, expect, it } from "vitest";
import { anemometer } from "../../../firmware/drivers/anemometer.js";
import { rainGauge } from "../../../firmware/drivers/rain-gauge.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import { ManagedSensor } from "../../../lib/sensing/managed-sensor.js";
import { ContactModel } from "../../../scripts/simulate/parts/contact.js";
import { sensorDriverContract } from "../../contract/sensor-driver.js";
import { VirtualClock } from "../../support/virtual-clock.js";
import { counterOver, worldOf } from "./model-buses.js";

const MM_PER_TIP = 0.2794;
const MINUTE_MS = 60_000;

function gauge(clock: VirtualClock, mmPerHour: number) {
  const world = worldOf({ rainRate: mmPerHour });
  const hzPerUnit = 1 / (3600 * MM_PER_TIP);
  const part = new ContactModel(world, { channel: "rainRate", hzPerUnit, closedMs: 60, bounces: 3, bounceMs: 2 });
  const counter = counterOver(part, clock);
  return { driver: rainGauge({ counter, clock, mmPerTip: MM_PER_TIP }), part, counter, world };
}

describe("rain gauge", () => {
  const MM_PER_MINUTE = 2 * MM_PER_TIP;
  sensorDriverContract(
    (clock) => ({ ...gauge(clock, MM_PER_MINUTE * 60), values: [MM_PER_MINUTE], tolerance: [MM_PER_TIP + 1e-6] }),
    {},
  );

  it("adds up to the rain that fell, bounces not counted, whenever it is read", () => {
    const clock = new VirtualClock();
    const { driver } = gauge(clock, 12);
    const into = new Float32Array(1);
    driver.open();
    let total = 0;
    for (const minutes of [1, 7, 3, 60, 2, 47]) {
      clock.advance(minutes * MINUTE_MS);
      expect(driver.read(into, 0)).toBe(ErrorCode.OK);
      total += into[0]!;
    }
    expect(total).toBeGreaterThan(24 - 1.01 * MM_PER_TIP);
    expect(total).toBeLessThanOrEqual(24.001);
  });

  it("gives to a late sample all that fell since the one before", () => {
    const clock = new VirtualClock();
    const { driver } = gauge(clock, 30);
    const into = new Float32Array(1);
    driver.open();
    clock.advance(3 * 60 * MINUTE_MS);
    driver.read(into, 0);
    expect(into[0]).toBeGreaterThan(89);
  });

  it("tells when pulses were lost, and goes on counting meanwhile", () => {
    const clock = new VirtualClock();
    const { driver, counter } = gauge(clock, 60);
    const sensor = new ManagedSensor({ clock, observe: () => undefined }, driver, "part");
    const into = new Float32Array(1);
    sensor.start();
    clock.advance(MINUTE_MS);
    sensor.start();
    counter.lost = true;
    expect(sensor.read(into, 0)).toBe(ErrorCode.PULSES_LOST);
    expect(counter.isOpen).toBe(true);
    clock.advance(MINUTE_MS);
    sensor.start();
    expect(sensor.read(into, 0)).toBe(ErrorCode.OK);
    expect(into[0]).toBeGreaterThan(0.5);
  });

  it("does not see a cut cable, and the documents say so", () => {
    const clock = new VirtualClock();
    const { driver, part } = gauge(clock, 60);
    const into = new Float32Array(1);
    driver.open();
    part.fault = "missing";
    clock.advance(10 * MINUTE_MS);
    expect(driver.read(into, 0)).toBe(ErrorCode.OK);
    expect(into[0]).toBe(0);
  });
});

describe("anemometer", () => {
  const wired = (clock: VirtualClock, windSpeed = 6.67) => {
    const part = new ContactModel(worldOf({ windSpeed }), { channel: "windSpeed", hzPerUnit: 1 / 0.667, closedMs: 20 });
    const counter = counterOver(part, clock);
    return { driver: anemometer({ counter, clock, metresPerSecondPerHz: 0.667 }), part, counter };
  };
  sensorDriverContract((clock) => ({ ...wired(clock), values: [6.67], tolerance: [0.02] }), {});

  it.each([0, 0.667, 12, 40])("gives the mean of %d m/s over the time since the sample before", (windSpeed) => {
    const clock = new VirtualClock();
    const { driver } = wired(clock, windSpeed);
    const into = new Float32Array(1);
    driver.open();
    for (const seconds of [20, 300, 61]) {
      clock.advance(seconds * 1000);
      expect(driver.read(into, 0)).toBe(ErrorCode.OK);
      expect(into[0]).toBeCloseTo(windSpeed, 0);
    }
  });

  it("has no value at the moment of opening: a rate takes time", () => {
    const clock = new VirtualClock();
    const sensor = new ManagedSensor({ clock, observe: () => undefined }, wired(clock).driver, "part");
    const into = new Float32Array(1);
    expect(sensor.start()).toBe(0);
    expect(sensor.read(into, 0)).toBe(ErrorCode.SENSOR_WARMING_UP);
    clock.advance(1000);
    sensor.start();
    expect(sensor.read(into, 0)).toBe(ErrorCode.OK);
    expect(into[0]).toBeCloseTo(6.67, 0);
  });
});
