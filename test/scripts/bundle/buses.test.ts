import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findBoard } from "../../../boards/index.js";
import { build, refusal } from "./app-folder.js";

const BUS_CODE = /writeTo|readFrom|setWatch|analogRead|OneWire|getErrorFlags|removeAllListeners/;

describe("sertao:buses", () => {
  test("costs nothing where it is not imported", async () => {
    const { code, report } = await build(
      `import { platform } from "sertao:platform";
      import { board } from "sertao:build";
      platform.log(board + platform.clock.nowMs());`,
    );
    expect(code).not.toMatch(BUS_CODE);
    expect(report.modules.map(({ module }) => module)).not.toContain("firmware/drivers");
  });

  test("brings in what is imported, and no more", async () => {
    const { code } = await build(
      `import { D34 } from "sertao:build";
      import { analogInput } from "sertao:buses";
      import { platform } from "sertao:platform";
      platform.log("" + analogInput(D34).read());`,
    );
    expect(code).toContain('"D34"');
    expect(code.match(new RegExp(BUS_CODE, "g"))).toEqual(["analogRead"]);
  });

  test("leaves a driver's facts out of the bundle", async () => {
    const { code } = await build(
      `import { D4 } from "sertao:build";
      import { oneWire } from "sertao:buses";
      import { platform } from "sertao:platform";
      import { Ds18b20 } from "sertao/firmware/drivers/ds18b20.js";
      const sensor = new Ds18b20({ wire: oneWire(D4) });
      sensor.open();
      platform.log(sensor.start() + " " + sensor.read(new Float32Array(1), 0));`,
    );
    expect(code).not.toMatch(/19-7487|soil or water|lost on the line/);
  });

  test("drivers of all kinds together take less than 4,200 bytes, and their buses less than 2,000", async () => {
    const { report } = await build(
      `import { D4, D27, D34, I2C1 } from "sertao:build";
      import { analogInput, i2c, oneWire, pulseCounter } from "sertao:buses";
      import { platform } from "sertao:platform";
      import { anemometer } from "sertao/firmware/drivers/anemometer.js";
      import { Bme280 } from "sertao/firmware/drivers/bme280.js";
      import { Ds18b20 } from "sertao/firmware/drivers/ds18b20.js";
      import { rainGauge } from "sertao/firmware/drivers/rain-gauge.js";
      import { Sht4x } from "sertao/firmware/drivers/sht4x.js";
      import { soilMoisture } from "sertao/firmware/drivers/soil-moisture.js";
      import { manage } from "sertao/lib/sensing/managed-sensor.js";
      const bus = i2c(I2C1), counter = pulseCounter(D27), clock = platform.clock;
      const all = manage(platform, [
        new Bme280({ i2c: bus, address: 0x76 }),
        new Sht4x({ i2c: bus, address: 0x44 }),
        new Ds18b20({ wire: oneWire(D4) }),
        rainGauge({ counter, clock, mmPerTip: 0.2794 }),
        anemometer({ counter, clock, metresPerSecondPerHz: 0.667 }),
        soilMoisture({ input: analogInput(D34), dry: 0.8, soaked: 0.4 }),
      ]);
      for (let i = 0; i < all.length; i++) platform.log(all[i]!.start() + " " + all[i]!.read(new Float32Array(3), 0));`,
    );
    const bytes = (folder: string): number => report.modules.find(({ module }) => module === folder)!.bytes;
    expect(bytes("firmware/drivers")).toBeLessThan(4200);
    expect(bytes("firmware/platform")).toBeLessThan(2000);
  });

  test("the example of docs/sensors.md compiles and fits", async () => {
    const text = readFileSync(new URL("../../../docs/sensors.md", import.meta.url), "utf8");
    const [, example] = /```ts\n([^]*?)```/.exec(text)!;
    const { code } = await build(
      `import { platform } from "sertao:platform";\n${example}
      const all = sensors(platform);
      for (let i = 0; i < all.length; i++) platform.log(all[i]!.channels[0]!.name + all[i]!.start());`,
    );
    expect(code).toMatch(/writeTo[^]*|setWatch[^]*|analogRead/);
  });
});

describe("buses and pins of a board", () => {
  test.each([
    ["a pin that the board keeps for its flash", "D6"],
    ["a pin that it does not have", "D77"],
    ["a bus that it does not have", "I2C3"],
  ])("%s does not compile", async (_what, name) => {
    const error = await refusal(
      build(
        `import { ${name} } from "sertao:build"; import { platform } from "sertao:platform"; platform.log("" + ${name});`,
      ),
    );
    expect(error.code).toBe("BUNDLE_COMPILE_FAILED");
    expect(error.message).toContain(name);
  });

  test("are those of the board that is built for", async () => {
    const main = `import { I2C1 } from "sertao:build"; import { platform } from "sertao:platform"; platform.log(I2C1.sda + I2C1.scl + I2C1.busHz);`;
    expect((await build(main)).code).toContain("D21");
    expect((await build(main, {}, findBoard("esp32c3")!)).code).toContain("D6");
    expect((await refusal(build(main, {}, findBoard("linux")!))).code).toBe("BUNDLE_COMPILE_FAILED");
  });
});
