import { expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";

/** What test/fixtures/buses printed on an engine, by the name of the line. */
export type BusLines = ReadonlyMap<string, string>;

/** Readings around the parts of test/fixtures/buses. */
export const BUS_WORLD: Readonly<Record<string, number>> = {
  airTemperature: 18.25,
  relativeHumidity: 61.5,
  airPressure: 98765,
  soilTemperature: 9.75,
  soilMoisture: 0.625,
  rainRate: 4,
};

const NO_ACK = ErrorCode.BUS_NO_ACK;

/** The lines of a console that carry the fixture's mark. */
export function busLines(console: readonly string[]): BusLines {
  return new Map(
    console.flatMap((line): [string, string][] => {
      const [, name, value] = /^@([^:]+): (.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value!]];
    }),
  );
}

/** What every platform's buses keep to. */
export function busContract(lines: () => BusLines): void {
  const line = (name: string): string => lines().get(name) ?? `no line "${name}"`;

  it("I2C exchanges bytes, and fills all of an array", () => {
    expect(line("i2c id")).toBe("0 0 96");
    // T1 27504, T2 26435, T3 -1000, least significant byte first.
    expect(line("i2c several")).toBe("0 112,107,67,103,24,252");
  });

  it("I2C tells a missing acknowledgement, and is none the worse for it", () => {
    expect(line("i2c nobody")).toBe(`${NO_ACK} ${NO_ACK}`);
    expect(line("i2c after nobody")).toBe("0 0 96");
  });

  it("I2C tells a stuck bus from a missing part, and works when it is free again", () => {
    expect(line("i2c stuck")).toMatch(new RegExp(`^(${ErrorCode.BUS_TIMEOUT}|${ErrorCode.BUS_STUCK}) \\1 `));
    expect(line("i2c free again")).toBe("0 0 96");
  });

  it("SPI sends and receives at once, and only the selected part", () => {
    expect(line("spi first")).toBe("0 0,7,8");
    expect(line("spi second")).toBe("0 9,0,255");
    expect(line("spi one")).toBe("0 1");
    expect(line("spi nobody")).toBe("0 255,255,255");
  });

  it("a serial line carries every byte in order, until it is closed", () => {
    expect(line("uart heard")).toBe("259 true");
    expect(line("uart closed")).toBe("259");
  });

  it("1-Wire tells whether anybody is there, and reads ones where nobody is", () => {
    expect(line("1-wire present")).toBe("true");
    expect(line("1-wire rom")).toMatch(/^40,1,2,3,4,5,6,\d+$/);
    expect(line("1-wire nobody")).toBe("false");
    expect(line("1-wire ones")).toBe("255,255");
  });

  it("an analog input gives a fraction of full scale, and NaN where there is no converter", () => {
    expect(line("analog off")).toBe("0");
    expect(Number(line("analog on"))).toBeCloseTo(0.625, 3);
    expect(line("analog none")).toBe("NaN");
  });

  it("a pulse counter counts closures once, or each bounce where nothing is waited for", () => {
    expect(line("pulses none yet")).toBe("0");
    const [first, firstBounces] = line("pulses first").split(" ").map(Number);
    const [since, sinceBounces] = line("pulses since").split(" ").map(Number);
    expect(first).toBeGreaterThan(10);
    expect(first! + since!).toBeGreaterThanOrEqual(30);
    // Timers of a busy machine are late.
    expect(first! + since!).toBeLessThanOrEqual(40);
    expect([firstBounces, sinceBounces]).toEqual([3 * first!, 3 * since!]);
  });

  it("a pulse counter begins with zero, and stops counting when closed", () => {
    expect(line("pulses closed")).toBe("0");
    expect(line("pulses reopened")).toBe("0");
    const [again, never] = line("pulses counted again").split(" ").map(Number);
    expect(again).toBeGreaterThanOrEqual(6);
    expect(again).toBeLessThanOrEqual(16);
    // The contact is never still for so long.
    expect([line("pulses too fast"), never]).toEqual(["none", 0]);
  });

  it("a pulse counter refuses a pin that cannot be watched", () => {
    expect(line("pulses refused")).toBe(`E${ErrorCode.PIN_UNUSABLE}`);
  });

  it("drivers read their parts through them, lose them with the bus, and find them again", () => {
    const samples = [1, 2, 3].map((n) => line(`sample ${n}`).split(" "));
    const [first, second, third] = samples.map(([values]) => values!.split(",").map(Number));
    for (const values of [first!, third!]) {
      expect(values.length).toBe(6);
      [18.25, 61.5, 98765, 18.25, 61.5, 9.75].forEach((wanted, i) =>
        expect(Math.abs(values[i]! - wanted)).toBeLessThan(wanted / 500),
      );
    }
    expect(second!.slice(0, 5)).toEqual([NaN, NaN, NaN, NaN, NaN]);
    expect(second![5]).toBe(9.75);
    expect(samples[0]![1]).toBe("0");
    expect(samples[1]![1]).toBe(String(ErrorCode.BUS_TIMEOUT));
  });
}
