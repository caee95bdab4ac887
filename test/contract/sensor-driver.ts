import { expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { ManagedSensor } from "../../lib/sensing/managed-sensor.js";
import type { SensorDriver } from "../../lib/sensing/sensor.js";
import type { Fault } from "../../scripts/simulate/parts/fault.js";
import { VirtualClock } from "../support/virtual-clock.js";

/** A driver wired to a model of its part. */
export interface WiredDriver {
  readonly driver: SensorDriver;
  readonly part: { fault: Fault };
  /** What it must read, within `tolerance`, when nothing is wrong. */
  readonly values: readonly number[];
  readonly tolerance: readonly number[];
}

/** What the driver must say to a fault of its part; a fault that it cannot see is left out. */
export type FaultCodes = Partial<Record<Fault, ErrorCode>>;

const PERIOD_MS = 60_000;
const GARBAGE = -777;

/** What every driver keeps to, whatever its part does. `wire` is called with a fresh clock each time. */
export function sensorDriverContract(wire: (clock: VirtualClock) => WiredDriver, codes: FaultCodes): void {
  const start = () => {
    const clock = new VirtualClock();
    const wired = wire(clock);
    const observed: [string, number][] = [];
    const sensor = new ManagedSensor(
      { clock, observe: (name, value) => observed.push([name, value]) },
      wired.driver,
      "part",
    );
    const measure = (): { status: ErrorCode; values: number[] } => {
      clock.advance(PERIOD_MS);
      clock.advance(sensor.start());
      const into = new Float32Array(wired.driver.channels.length + 2).fill(GARBAGE);
      const status = sensor.read(into, 1);
      // Nobody else's values are touched.
      expect([into[0], into[into.length - 1]]).toEqual([GARBAGE, GARBAGE]);
      return { status, values: [...into.slice(1, -1)] };
    };
    const expectGood = (): void => {
      const { status, values } = measure();
      expect(status).toBe(ErrorCode.OK);
      values.forEach((value, i) => expect(Math.abs(value - wired.values[i]!)).toBeLessThanOrEqual(wired.tolerance[i]!));
    };
    // A driver that must warm up says so in the sample that opens it, and is ready in the next.
    const expectOpened = (): void => {
      if (wired.driver.warmUpMs > 0) expect(measure().status).toBe(ErrorCode.SENSOR_WARMING_UP);
      expectGood();
    };
    expectOpened();
    return { ...wired, sensor, observed, measure, expectGood, expectOpened };
  };

  it("gives one value per channel, in range, again and again", () => {
    const { driver, expectGood } = start();
    expect(driver.channels.length).toBeGreaterThan(0);
    for (const { min, max } of driver.channels) expect(min).toBeLessThan(max);
    for (let i = 0; i < 5; i++) expectGood();
  });

  it.each(Object.entries(codes) as [Fault, ErrorCode][])(
    "says %s as %i, before and after opening, and reads again when it is over",
    (fault, code) => {
      const { part, observed, measure, expectGood } = start();
      const before = observed.length;
      for (let round = 1; round <= 2; round++) {
        part.fault = fault;
        expect(measure().status).toBe(code);
        part.fault = "none";
        // What left the part without supply, or at odds with its driver, shows once more at most.
        if (measure().status !== ErrorCode.OK) expectGood();
        expectGood();
      }
      expect(observed.length - before).toBeGreaterThanOrEqual(2);
    },
  );

  it("says what is wrong when the fault was there first", () => {
    for (const fault of Object.keys(codes) as Fault[]) {
      const clock = new VirtualClock();
      const { driver, part } = wire(clock);
      part.fault = fault;
      const sensor = new ManagedSensor({ clock, observe: () => undefined }, driver, "part");
      clock.advance(sensor.start());
      expect(sensor.read(new Float32Array(driver.channels.length), 0), fault).not.toBe(ErrorCode.OK);
      part.fault = "none";
      clock.advance(PERIOD_MS);
      clock.advance(sensor.start());
      const status = sensor.read(new Float32Array(driver.channels.length), 0);
      expect([ErrorCode.OK, ErrorCode.SENSOR_WARMING_UP], fault).toContain(status);
    }
  });

  it("can be closed at any time", () => {
    const { driver, part, sensor, expectOpened } = start();
    sensor.close();
    sensor.close();
    expectOpened();
    part.fault = "missing";
    sensor.close();
    expect(() => driver.close()).not.toThrow();
  });
}
