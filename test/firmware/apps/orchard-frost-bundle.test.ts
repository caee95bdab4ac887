import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { findBoard } from "../../../boards/index.js";
import { buildApp } from "../../../scripts/bundle/build-app.js";

const app = fileURLToPath(new URL("../../../firmware/apps/orchard-frost", import.meta.url));

test("the demo application fits every budget of an ESP32, and its report names the bytes of each module", async () => {
  const { code, pack, report } = await buildApp(app, findBoard("esp32")!);
  expect(code.length).toBeLessThanOrEqual(28 * 1024);
  expect(pack!.length).toBeGreaterThan(1000);
  const modules = report.modules.map(({ module }) => module);
  for (const module of ["core", "nn", "sensing", "outbox", "mqtt", "uplink", "app"]) {
    expect(modules).toContain(`lib/${module}`);
  }
});
