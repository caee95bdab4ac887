import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  chooseProvisioning,
  findProvisioning,
  keepProvisioning,
  provisionedDevices,
} from "../../../scripts/provision/device-folder.js";
import { keepKey } from "../../../scripts/provision/key-file.js";
import type { Provisioning } from "../../../scripts/provision/provisioning.js";
import { readSecrets } from "../../../scripts/provision/secrets-file.js";

const started = process.cwd();
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sertao-provision-"));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(started);
  rmSync(folder, { recursive: true, force: true });
});

const of = (device: string): Provisioning => ({ device, incarnation: 1, brokerHost: "b", brokerPort: 1883 });
const mode = (file: string): number => statSync(file).mode & 0o777;

describe("a device's folder", () => {
  it("is its owner's alone, and no git repository takes it", () => {
    const file = keepProvisioning(of("d1"));
    expect(file).toBe(join(".sertao", "devices", "d1", "sertao.cfg"));
    expect(mode(file)).toBe(0o600);
    expect(mode(".sertao/devices/d1")).toBe(0o700);
    expect(readFileSync(".sertao/.gitignore", "utf8")).toBe("*\n");
    expect(findProvisioning("d1")).toEqual(of("d1"));
  });

  it("is chosen by name, or where it is the only one", () => {
    expect(chooseProvisioning(undefined)).toBeUndefined();
    keepProvisioning(of("d1"));
    expect(chooseProvisioning(undefined)).toEqual(of("d1"));
    keepProvisioning(of("d2"));
    expect(provisionedDevices().sort()).toEqual(["d1", "d2"]);
    expect(chooseProvisioning("d2")).toEqual(of("d2"));
    expect(() => chooseProvisioning(undefined)).toThrow(/NOT_PROVISIONED_YET: Several devices .*d1, d2/);
    expect(() => chooseProvisioning("d3")).toThrow(/NOT_PROVISIONED_YET: There is no provisioning of d3/);
  });

  it("is never looked for outside", () => {
    expect(() => findProvisioning("../../etc")).toThrow(/DEVICE_ID/);
    expect(() => keepProvisioning(of("D1"))).toThrow(/DEVICE_ID/);
  });

  it("that is damaged is said to be", () => {
    const file = keepProvisioning(of("d1"));
    writeFileSync(file, Uint8Array.of(0xff, 1, 2));
    expect(() => findProvisioning("d1")).toThrow(/PROVISIONING_INVALID/);
  });
});

describe("a key file", () => {
  const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

  it("has a line for each device, the newest key of each, for its owner alone", () => {
    keepKey("keys", "d1", key(1));
    keepKey("keys", "d2", key(2));
    keepKey("keys", "d1", key(3));
    expect(readFileSync("keys", "utf8")).toBe(`d2 ${"02".repeat(32)}\nd1 ${"03".repeat(32)}\n`);
    expect(mode("keys")).toBe(0o600);
  });

  it("of another kind is left alone", () => {
    writeFileSync("keys", `d1 ${"01".repeat(32)}\nsomething else\n`);
    expect(() => keepKey("keys", "d2", key(2))).toThrow(/KEYS_DAMAGED: keys, line 2/);
    expect(readFileSync("keys", "utf8")).toContain("something else");
  });
});

describe("a file with secrets", () => {
  it("is read", () => {
    writeFileSync("secrets.json", '{"broker":"b","wifiPassword":"12345678"}');
    expect(readSecrets("secrets.json")).toEqual({ broker: "b", wifiPassword: "12345678" });
  });

  it.each([
    ['{"password":hunter2}', "is no JSON"],
    ['"hunter2"', "holds no object"],
    ["[1]", "holds no object"],
    ['{"hunter2":"x"}', "has a field that is none of these"],
    ['{"password":["hunter2"]}', 'has a "password" that is no text'],
    ['{"ack":"hunter2"}', 'has an "ack" that is neither puback nor collector'],
  ])("like %s is refused without showing what it holds", (text, problem) => {
    writeFileSync("secrets.json", text);
    let message = "";
    try {
      readSecrets("secrets.json");
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(`SECRETS_FILE: secrets.json ${problem}.`);
    expect(message).not.toContain("hunter2");
  });

  it("that is missing is said to be", () => {
    expect(() => readSecrets("nothing.json")).toThrow(/FILE_MISSING/);
  });
});
