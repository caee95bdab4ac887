import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { lockWithin } from "../../../scripts/ota/file-lock.js";

const folder = mkdtempSync(join(tmpdir(), "sertao-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lock = lockWithin(30);
const [key, journal] = [join(folder, "a.key"), join(folder, "deep", "a.journal")];

it("runs one piece of work at a time under a name, and says so to the other", () => {
  const inner = lock([journal!, key!], () => {
    for (const path of [key!, journal!]) expect(() => lock([path], () => "never")).toThrow("OTA_KEY_BUSY");
    return lock([join(folder, "other.key")], () => "another key");
  });
  expect(inner).toBe("another key");
});

it("is free again afterwards, also where the work failed, and where the second name was taken", () => {
  const failing = (): never => {
    throw new Error("failed");
  };
  expect(() => lock([key!, journal!], failing)).toThrow("failed");
  lock([journal!], () => expect(() => lock([key!, journal!], failing)).toThrow("OTA_KEY_BUSY"));
  expect(lock([key!, journal!], () => "free")).toBe("free");
});

it("cannot be had where no file can be", () => {
  expect(() => lock([join(`${key}.lock`, "below")], () => "never")).toThrow(/^FILE_UNREADABLE: /);
});
