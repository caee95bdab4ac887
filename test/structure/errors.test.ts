import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { deviceErrors, deviceError } from "../../scripts/errors/device.js";
import { hostErrors } from "../../scripts/docs/host-errors.js";

const source = readFileSync(new URL("../../lib/core/error-code.ts", import.meta.url), "utf8");

/** Names and numbers as the device's list has them. */
const declared = [...source.matchAll(/^ {2}([A-Z_]+) = (\d+),$/gm)].map(
  ([, name, code]) => [name!, Number(code)] as const,
);

test("the host knows every device code by its name, and no other", () => {
  expect(declared.length).toBeGreaterThan(30);
  expect(deviceErrors.map(({ name, code }) => [name, code])).toEqual(declared.filter(([name]) => name !== "OK"));
});

test("no number is used twice", () => {
  expect(new Set(declared.map(([, code]) => code)).size).toBe(declared.length);
});

test("a number of another version is unknown, not a crash", () => {
  expect(deviceError(999)).toBeUndefined();
  expect(deviceError(306)?.name).toBe("MQTT_REFUSED_LOGIN");
});

test("every error says in sentences what happened and what to do", async () => {
  const areas = await hostErrors();
  const kinds = areas.flatMap(({ kinds }) => kinds);
  expect(new Set(kinds.map(({ code }) => code)).size).toBe(kinds.length);
  for (const { code, when, remedy } of kinds) {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(when, code).toMatch(/^[A-Z`].*\.$/);
    expect(remedy, code).toMatch(/^[A-Z`].*\.$/);
  }
  for (const { name, cause, remedy } of deviceErrors) {
    expect(cause, name).toMatch(/^[A-Z].*\.$/);
    expect(remedy, name).toMatch(/^[A-Z].*\.$/);
  }
});
