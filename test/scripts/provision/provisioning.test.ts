import { describe, expect, it } from "vitest";
import { CborReader } from "../../../lib/core/cbor-reader.js";
import { decodeProvisioning, encodeProvisioning, type Provisioning } from "../../../scripts/provision/provisioning.js";

const least: Provisioning = { device: "dev1", incarnation: 0xffffffff, brokerHost: "10.0.0.1", brokerPort: 1883 };
const full: Provisioning = {
  ...least,
  password: "correct horse",
  deviceKey: new Uint8Array(32).fill(9),
  wifiNetwork: "field",
  wifiPassword: "",
  acknowledgement: "collector",
};

describe("sertao.cfg", () => {
  it("comes back as it was written", () => {
    for (const fields of [least, full, { ...least, acknowledgement: "puback" } as const]) {
      expect(decodeProvisioning(encodeProvisioning(fields))).toEqual(fields);
    }
  });

  it("is what the device's reader reads", () => {
    const bytes = encodeProvisioning(full);
    const reader = new CborReader(bytes, 0, bytes.length);
    expect(reader.map()).toBe(10);
    const items = Array.from({ length: 20 }, () => reader.scalar());
    expect(items.slice(0, 6)).toEqual([0, 1, 1, "dev1", 2, 0xffffffff]);
    expect(reader.failed).toBe(false);
    expect(reader.at).toBe(bytes.length);
  });

  it.each<[string, Partial<Record<keyof Provisioning, unknown>>]>([
    ["a device id with capitals", { device: "Dev" }],
    ["an incarnation beyond 32 bits", { incarnation: 2 ** 32 }],
    ["a host with a space", { brokerHost: "a b" }],
    ["port 0", { brokerPort: 0 }],
    ["a short key", { deviceKey: new Uint8Array(31) }],
    ["text that is not ASCII", { wifiNetwork: "sertão" }],
    ["an unknown acknowledgement", { acknowledgement: "maybe" }],
    ["more than 512 bytes", { wifiPassword: "x".repeat(500) }],
  ])("refuses %s", (_name, part) => {
    expect(() => encodeProvisioning({ ...full, ...part } as Provisioning)).toThrow(/PROVISIONING_INVALID/);
  });

  it("refuses damaged bytes", () => {
    const bytes = encodeProvisioning(full);
    expect(() => decodeProvisioning(bytes.slice(0, 40))).toThrow(/PROVISIONING_INVALID/);
    expect(() => decodeProvisioning(Uint8Array.of(0xa1, 0, 2))).toThrow(/version 2/);
    expect(() => decodeProvisioning(new Uint8Array(513))).toThrow(/512/);
  });
});
