import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findBoard } from "../../../boards/index.js";
import { buildApp } from "../../../scripts/bundle/build-app.js";
import { exampleRecording, LABEL_COLUMN } from "../../../scripts/init/example-recording.js";
import { placeSensors } from "../../../scripts/init/place-sensors.js";
import { scaffold } from "../../../scripts/init/scaffold.js";
import { sensorChoices } from "../../../scripts/init/sensor-choices.js";
import { parseCsv } from "../../../scripts/simulate/readings/csv.js";
import { driverCatalogue } from "../../../scripts/simulate/parts/driver-catalogue.js";

const esp32 = findBoard("esp32")!;
const everySensor = sensorChoices.map(({ id }) => id);
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sertao-init-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(sensors: readonly string[], into = folder, board = esp32): Promise<string[]> {
  return scaffold(into, { name: "station", board, sensors: placeSensors(board, sensors) });
}

describe("places for sensors", () => {
  it("are free pins of the kind that each needs, apart, and none that has a part in starting the chip", () => {
    const places = placeSensors(esp32, [
      "sht4x",
      "ds18b20",
      "rain-gauge",
      "anemometer",
      "soil-moisture",
      "battery-voltage",
    ]);
    expect(places.map(({ place }) => place)).toEqual(["I2C1", "D4", "D13", "D14", "D32", "D33"]);
    for (const { place } of places.slice(1)) {
      expect(esp32.pins).toContain(place);
      expect(esp32.bootPins).not.toContain(place);
    }
  });

  it("are refused where there are none, where two give one channel, and for what nobody knows", () => {
    expect(() => placeSensors(findBoard("linux-field")!, ["sht4x"])).toThrow(/INIT_NO_PLACE|no I2C bus left/);
    expect(() => placeSensors(findBoard("esp8266-4mb")!, ["soil-moisture", "battery-voltage"])).toThrow(
      /no free analog pin/,
    );
    expect(() => placeSensors(esp32, ["sht4x", "bme280"])).toThrow(/both give airTemperature/);
    expect(() => placeSensors(esp32, ["rain-gauge", "rain-gauge"])).toThrow(/both give rain/);
    expect(() => placeSensors(esp32, ["sht5x"])).toThrow(/no sensor "sht5x"/);
  });

  it("there is a choice for every driver but the one that is of no kind", () => {
    const drivers = driverCatalogue.map(({ facts }) => facts.driver).filter((name) => name !== "analog");
    expect([...everySensor].sort()).toEqual([...drivers, "feed"].sort());
  });
});

describe("the example", () => {
  it("has a row every five minutes, all channels in their ranges, and alerts a fifth of the time", () => {
    const channels = sensorChoices.flatMap(({ channels: list }) => list);
    const { header, rows } = parseCsv(exampleRecording(channels));
    expect(header).toEqual(["time", ...channels.map(({ name }) => name), LABEL_COLUMN]);
    expect(rows).toHaveLength(21 * 288);
    for (const { cells } of rows)
      channels.forEach(({ least, greatest }, i) => {
        expect(Number(cells[i + 1])).toBeGreaterThanOrEqual(least);
        expect(Number(cells[i + 1])).toBeLessThanOrEqual(greatest);
      });
    const alerts = rows.filter(({ cells }) => cells.at(-1) === "1").length;
    expect(alerts / rows.length).toBeCloseTo(0.2, 1);
    // Wind, rain and moisture are not constant.
    for (let i = 1; i <= channels.length; i++)
      expect(new Set(rows.map(({ cells }) => cells[i])).size).toBeGreaterThan(5);
  });
});

describe("a new application", () => {
  it("is the same for the same wishes, and says what it wrote", async () => {
    const files = await write(["sht4x"]);
    const other = join(folder, "other");
    mkdirSync(other);
    expect(await write(["sht4x"], other)).toEqual(files);
    for (const file of files.filter((name) => name !== "package.json"))
      expect(readFileSync(join(other, file)).equals(readFileSync(join(folder, file))), file).toBe(true);
  });

  it("builds with all sensors that go together, and with the one that does not", async () => {
    await write(everySensor.filter((id) => id !== "bme280" && id !== "feed"));
    await buildApp(folder, esp32, { ignoreBudgets: true });
    const other = join(folder, "other");
    await write(["bme280"], other);
    expect((await buildApp(other, esp32)).code.length).toBeGreaterThan(10000);
  });

  it("has fed readings, alone for a board without buses, and beside those of parts", async () => {
    await write(["feed", "soil-moisture"]);
    expect(readFileSync(join(folder, "main.ts"), "utf8")).toContain(".concat(manage(on, [");
    await buildApp(folder, esp32);
    const other = join(folder, "other");
    const field = findBoard("linux-field")!;
    await write(["feed"], other, field);
    await buildApp(other, field);
  });

  it("keeps what package.json says, and adds scripts and the package that ran", async () => {
    const own = {
      name: "mine",
      license: "MIT",
      scripts: { build: "mine", test: 'echo "Error: no test specified" && exit 1' },
    };
    writeFileSync(join(folder, "package.json"), JSON.stringify(own));
    await write(["sht4x"]);
    const made = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      name: string;
      license: string;
      scripts: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    expect(made).toMatchObject({ name: "mine", license: "MIT", scripts: { build: "mine", test: "node --test" } });
    expect(made.scripts["simulate"]).toBe("sertao simulate . --board esp32 --replay data/example.csv");
    expect(made.devDependencies["sertao"]).toMatch(/^file:.*/);
  });

  it("does not say a second time where sertao comes from", async () => {
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ dependencies: { sertao: "file:../sertao-0.1.0.tgz" } }),
    );
    await write(["sht4x"]);
    const text = readFileSync(join(folder, "package.json"), "utf8");
    expect(text.match(/"sertao":/g)).toHaveLength(1);
    expect(text).toContain("file:../sertao-0.1.0.tgz");
  });

  it("overwrites nothing: a folder with anything in it is refused, and so is a damaged package.json", async () => {
    writeFileSync(join(folder, "main.ts"), "mine");
    await expect(write(["sht4x"])).rejects.toThrow(/has "main\.ts" in it already/);
    expect(readFileSync(join(folder, "main.ts"), "utf8")).toBe("mine");
    const other = join(folder, "other");
    mkdirSync(other);
    writeFileSync(join(other, "package.json"), "{");
    await expect(write(["sht4x"], other)).rejects.toThrow(/does not hold a JSON object/);
    expect(existsSync(join(other, "main.ts"))).toBe(false);
  });
});
