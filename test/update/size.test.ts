import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { findBoard } from "../../boards/index.js";
import { buildApp } from "../../scripts/bundle/build-app.js";

const app = (name: string): string => fileURLToPath(new URL(`../fixtures/bundle/${name}`, import.meta.url));
/** Signature, envelope, manifest, conditions, keys, pieces; without lib/core, which a bundle has anyway. */
const BUDGET_BYTES = 3000;
/** Envelope with a MAC, HMAC and SHA-256, for boards whose firmware has none. */
const MAC_BUDGET_BYTES = 2000;

type Modules = readonly { readonly module: string; readonly bytes: number }[];

const bytesOf = (modules: Modules, ...names: string[]): number =>
  modules.filter(({ module }) => names.includes(module)).reduce((sum, { bytes }) => sum + bytes, 0);

function within(bytes: number, budget: number): void {
  expect(bytes, "bytes").toBeLessThanOrEqual(budget);
  expect(bytes, "bytes; lower the budget").toBeGreaterThan(budget - 300);
}

it("what verifies and reads updates stays small, in a bundle as a board gets it", async () => {
  const { report } = await buildApp(app("update"), findBoard("esp32")!);
  within(bytesOf(report.modules, "lib/crypto", "lib/update"), BUDGET_BYTES);
  expect(bytesOf(report.modules, "lib/crypto", "lib/update", "lib/core")).toBeLessThanOrEqual(4096);
});

it("so does what a board without SHA-256 has in place of signatures", async () => {
  const { report } = await buildApp(app("update-mac"), findBoard("esp8266-4mb")!);
  within(bytesOf(report.modules, "lib/crypto"), MAC_BUDGET_BYTES);
});
