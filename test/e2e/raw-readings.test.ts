import { Encoder } from "cbor-x";
import { describe, expect, it } from "vitest";
import { esp32 } from "../../boards/esp32.js";
import { buildApp, type BuiltApp } from "../../scripts/bundle/build-app.js";
import { findApp } from "../../scripts/bundle/find-app.js";
import { SqliteStore } from "../../scripts/fleet/store/sqlite-store.js";
import type { ResultRow } from "../../scripts/fleet/store/store.js";
import { findLinkProfile } from "../../scripts/simulate/link/profile.js";
import { runApp } from "../../scripts/simulate/run-app.js";
import { CapturingTrace, findLeaks, type Leak, MarkedReadings } from "./raw-readings.js";

/** From 16 to 32, in steps that a half holds there; a part of 1 for what must be one. */
const MARKS = { least: 16, step: 1 / 64 };
const channels = {
  airTemperature: MARKS,
  relativeHumidity: MARKS,
  windSpeed: MARKS,
  radiation: MARKS,
  temperature: MARKS,
  humidity: MARKS,
  light: MARKS,
  co2: MARKS,
  humidityRatio: { least: 0.5, step: 1 / 2048 },
};

interface Captured {
  readonly readings: MarkedReadings;
  readonly sent: Buffer;
  readonly rows: readonly ResultRow[];
}

async function capture(app: Pick<BuiltApp, "code" | "pack">, days: number): Promise<Captured> {
  const readings = new MarkedReadings(channels);
  const trace = new CapturingTrace();
  const store = SqliteStore.open(":memory:");
  try {
    await runApp({
      board: esp32,
      app,
      profile: findLinkProfile("perfect")!,
      seed: 1,
      devices: 2,
      days,
      plan: { startMs: 0, days, source: "marked", readings: () => readings },
      store,
      trace,
    });
    return { readings, sent: trace.sent, rows: await store.results({}) };
  } finally {
    await store.close();
  }
}

const encodingsOf = (leaks: readonly Leak[]): string[] => [...new Set(leaks.map(({ encoding }) => encoding))].sort();

describe("what leaves simulated devices", () => {
  it.each([
    ["orchard-frost", 1, 40],
    ["occupancy", 0.5, 1400],
  ])("of %s holds no reading in any encoding looked for, and all results", async (name, days, results) => {
    // Sizes have a test of their own.
    const app = await buildApp(findApp(name), esp32, { ignoreBudgets: true });
    const { readings, sent, rows } = await capture(app, days);
    expect(readings.taken.length).toBeGreaterThan(1000);
    expect(rows.length).toBeGreaterThan(results);
    expect(sent.length).toBeGreaterThan(rows.length * 4);
    expect(findLeaks(sent, readings.taken)).toEqual([]);
    // Every number that a result says is a step of the model's int8 output.
    for (const { value } of rows) expect(value! * 256).toBe(Math.round(value! * 256));
  });
});

describe("a leak is found", () => {
  /** An application that sends each reading as it is, once a minute; `form` makes text of it, byte by byte. */
  const leaky = (form: string): Pick<BuiltApp, "code"> => ({
    code: `
      function form(v) { ${form} }
      setInterval(function () {
        var v = sertaoReading("airTemperature");
        require("net").connect({ host: "broker.farm.example", port: 1883 }, function (s) { s.write(form(v)); });
      }, 60000);`,
  });

  it.each([
    ["decimal text", "return 'temperature=' + v;", ["decimal text"]],
    ["a float32", "return E.toString(new Uint8Array(new Float32Array([v]).buffer));", ["float32, little-endian"]],
    ["a float64", "return E.toString(new Uint8Array(new Float64Array([v]).buffer));", ["float64, little-endian"]],
    [
      "hundredths in 16 bits, one after another",
      "var n = Math.round(v * 100); return String.fromCharCode(n & 255, n >> 8);",
      ["int16 × 100, little-endian, two in a row"],
    ],
  ])("in packets of an application that sends %s", async (_name, form, encodings) => {
    const { readings, sent } = await capture(leaky(form), 0.02);
    expect(readings.taken.length).toBeGreaterThan(20);
    expect(encodingsOf(findLeaks(sent, readings.taken))).toEqual(expect.arrayContaining(encodings));
  });

  const encoder = new Encoder({ useRecords: false });
  const half = (high: number, low: number): Uint8Array => Uint8Array.of(0x81, 0xf9, high, low);
  it.each<[string, Uint8Array, string[]]>([
    // 20.515625 is 0x4d21 as a half: 1.01 0010 0001b × 2^4.
    ["a CBOR half", half(0x4d, 0x21), ["CBOR half"]],
    ["a CBOR float32", Uint8Array.from(encoder.encode([1, Math.fround(20.515625)])), []],
    ["tenths as a CBOR integer", Uint8Array.of(0x81, 0x19, 0, 205), ["CBOR integer × 10"]],
    ["two channels of one sample as halves", Uint8Array.of(0x4d, 0x21, 0x4d, 0x22), ["half, big-endian, two in a row"]],
  ])("in bytes: %s", (name, bytes, encodings) => {
    const taken = [
      { channel: "a", value: 20.515625 },
      { channel: "b", value: 20.53125 },
    ];
    const found = encodingsOf(findLeaks(Buffer.concat([Buffer.alloc(9), bytes, Buffer.alloc(9)]), taken));
    // The encoder chooses between the two sizes of floats.
    if (name === "a CBOR float32") expect(found.join()).toMatch(/^float(32|64), big-endian$/);
    else expect(found).toEqual(encodings);
  });

  it("but not where other readings were taken", () => {
    expect(findLeaks(Buffer.from("temperature=20.515625"), [{ channel: "a", value: 21.015625 }])).toEqual([]);
  });
});
