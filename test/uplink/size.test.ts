import { expect, it } from "vitest";
import { esp32 } from "../../boards/esp32.js";
import { buildApp } from "../../scripts/bundle/build-app.js";
import { findApp } from "../../scripts/bundle/find-app.js";

/** For lib/mqtt, lib/outbox with lib/flash, lib/settings and lib/uplink together, as an application has them. */
const BUDGET_BYTES = 14_336;
const PARTS = ["lib/mqtt", "lib/flash", "lib/outbox", "lib/settings", "lib/uplink"];

it("store and forward fit their budget in the demo application", async () => {
  const { report } = await buildApp(findApp("orchard-frost"), esp32);
  const sizes = report.modules.filter(({ module }) => PARTS.includes(module));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const parts = sizes.map(({ module, bytes }) => `${module} ${bytes}`).join(", ");
  expect(sizes.map(({ module }) => module).sort()).toEqual([...PARTS].sort());
  expect(total, parts).toBeLessThanOrEqual(BUDGET_BYTES);
});
