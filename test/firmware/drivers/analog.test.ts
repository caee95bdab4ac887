import { describe, expect, it } from "vitest";
import { AnalogSensor } from "../../../firmware/drivers/analog.js";
import { batteryVoltage } from "../../../firmware/drivers/battery-voltage.js";
import { soilMoisture } from "../../../firmware/drivers/soil-moisture.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import { VoltageModel } from "../../../scripts/simulate/parts/voltage.js";
import { sensorDriverContract } from "../../contract/sensor-driver.js";
import type { VirtualClock } from "../../support/virtual-clock.js";
import { analogOver, worldOf } from "./model-buses.js";

/** A lithium cell behind 220 k over 100 k, at a full scale of 3.1 V. */
const DIVIDER = { upperOhms: 220_000, lowerOhms: 100_000, fullScaleVolts: 3.1, minVolts: 2.5, maxVolts: 4.3 };
const DIVIDER_POINTS = [
  [0, 0],
  [1, 3.1 * 3.2],
];

describe("battery behind a divider", () => {
  const wired = (clock: VirtualClock) => {
    const part = new VoltageModel(worldOf({ batteryVoltage: 3.87 }), "batteryVoltage", DIVIDER_POINTS);
    return { driver: batteryVoltage({ ...DIVIDER, input: analogOver(part, clock) }), part };
  };
  sensorDriverContract((clock) => ({ ...wired(clock), values: [3.87], tolerance: [0.003] }), {
    missing: ErrorCode.SENSOR_OUT_OF_RANGE,
    stuck: ErrorCode.SENSOR_OUT_OF_RANGE,
    cut: ErrorCode.SENSOR_OUT_OF_RANGE,
  });
});

describe("soil probe", () => {
  // Capacitive probes give less voltage in water.
  const wired = (clock: VirtualClock, soil = 0.4) => {
    const points = [
      [0.38, 1],
      [0.82, 0],
    ];
    const part = new VoltageModel(worldOf({ soilMoisture: soil }), "soilMoisture", points);
    return { driver: soilMoisture({ input: analogOver(part, clock), dry: 0.82, soaked: 0.38 }), part };
  };
  sensorDriverContract((clock) => ({ ...wired(clock), values: [0.4], tolerance: [0.001] }), {
    missing: ErrorCode.SENSOR_OUT_OF_RANGE,
    stuck: ErrorCode.SENSOR_OUT_OF_RANGE,
    cut: ErrorCode.SENSOR_OUT_OF_RANGE,
  });

  it.each([
    [0.82, 0],
    [0.6, 0.5],
    [0.38, 1],
  ])("reads %d of full scale as %d, whichever way the voltage goes", (fraction, moisture) => {
    const into = new Float32Array(1);
    soilMoisture({ input: { read: () => fraction }, dry: 0.82, soaked: 0.38 }).read(into, 0);
    expect(into[0]).toBeCloseTo(moisture, 6);
    soilMoisture({ input: { read: () => fraction }, dry: 0.38, soaked: 0.82 }).read(into, 0);
    expect(into[0]).toBeCloseTo(1 - moisture, 6);
  });
});

describe("analog sensor", () => {
  const channel = { name: "level", unit: "m", min: -100, max: 100 };
  const points = [
    [0.1, 0],
    [0.5, 10],
    [0.9, 12],
  ];

  it.each([
    [0.1, 0],
    [0.3, 5],
    [0.5, 10],
    [0.7, 11],
    [0.9, 12],
    [0, -2.5],
    [1, 12.5],
  ])("reads %d of full scale as %d, along its calibration points and beyond", (fraction, value) => {
    const into = new Float32Array(1);
    expect(new AnalogSensor({ input: { read: () => fraction }, channel, points }).read(into, 0)).toBe(ErrorCode.OK);
    expect(into[0]).toBeCloseTo(value, 6);
  });

  it("takes the mean of its readings", () => {
    let n = 0;
    const into = new Float32Array(1);
    new AnalogSensor({ input: { read: () => (n++ % 2 ? 0.2 : 0.4) }, channel, points }).read(into, 0);
    expect(into[0]).toBeCloseTo(5, 6);
  });

  it("says so where the pin has no converter", () => {
    const into = new Float32Array(1);
    expect(new AnalogSensor({ input: { read: () => NaN }, channel, points }).read(into, 0)).toBe(
      ErrorCode.PIN_UNUSABLE,
    );
  });

  it("has its supply on while it settles and is read, and off otherwise", () => {
    const switched: boolean[] = [];
    const supply = { set: (isHigh: boolean) => void switched.push(isHigh) };
    const input = { read: () => (switched.at(-1) ? 0.5 : NaN) };
    const sensor = new AnalogSensor({ input, channel, points, supply, settleMs: 200 });
    expect(sensor.conversionMs).toBe(200);
    sensor.open();
    sensor.start();
    expect(sensor.read(new Float32Array(1), 0)).toBe(ErrorCode.OK);
    sensor.close();
    expect(switched).toEqual([false, true, false, false]);
  });
});
