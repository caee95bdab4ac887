import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { deviceBundle } from "./device-bundle.js";

const BUDGET_BYTES = 5500;

it("stays small: the client with what it needs of lib/core, minified", async () => {
  const code = await deviceBundle(fileURLToPath(new URL("device/size-entry.ts", import.meta.url)));
  expect(code.length, "bytes").toBeLessThanOrEqual(BUDGET_BYTES);
  expect(code.length, "bytes; lower the budget").toBeGreaterThan(BUDGET_BYTES - 500);
});
