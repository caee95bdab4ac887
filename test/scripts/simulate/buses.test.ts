import { beforeAll, describe } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { buildApp } from "../../../scripts/bundle/build-app.js";
import { BUS_WORLD, busContract, busLines, type BusLines } from "../../contract/buses.js";
import { printed } from "./run-script.js";

let lines: BusLines;
beforeAll(async () => {
  const { code, manifest } = await buildApp("test/fixtures/buses", esp32);
  const readings = () => ({ read: (channel: string) => BUS_WORLD[channel] });
  lines = busLines(await printed(code, 30, { readings, parts: manifest.parts }));
});

describe("buses of the simulated ESP32", () => busContract(() => lines));
