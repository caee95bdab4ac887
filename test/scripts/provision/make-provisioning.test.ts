import { describe, expect, it } from "vitest";
import { formatBroker, parseBroker } from "../../../scripts/provision/broker-address.js";
import { makeProvisioning, needsWifiPassword } from "../../../scripts/provision/make-provisioning.js";
import { encodeProvisioning, type Provisioning } from "../../../scripts/provision/provisioning.js";
import type { WantedProvisioning } from "../../../scripts/provision/secrets-file.js";

/** Counts up, so that every byte drawn differs from the others. */
function counter(): (count: number) => Uint8Array {
  let next = 1;
  return (count) => Uint8Array.from({ length: count }, () => next++ & 0xff);
}

const make = (wanted: WantedProvisioning, previous?: Provisioning, renewKey = false): Provisioning =>
  makeProvisioning({ device: "d1", wanted, previous, renewKey, random: counter() }).provisioning;

const previous: Provisioning = {
  device: "d1",
  incarnation: 5,
  brokerHost: "old.example",
  brokerPort: 8883,
  password: "old password",
  deviceKey: new Uint8Array(32).fill(7),
  wifiNetwork: "field",
  wifiPassword: "old wifi password",
  acknowledgement: "collector",
};

describe("a new provisioning", () => {
  it("draws incarnation, password and key, each from bytes of its own", () => {
    const made = make({ broker: "b" });
    expect(made.incarnation).toBe(0x04030201);
    expect(Buffer.from(made.password!, "base64url")).toEqual(Buffer.from(Array.from({ length: 18 }, (_, i) => i + 5)));
    expect(made.deviceKey).toEqual(Uint8Array.from({ length: 32 }, (_, i) => i + 23));
    expect(encodeProvisioning(made).length).toBeLessThanOrEqual(512);
  });

  it("takes what is wanted", () => {
    const wanted = {
      broker: "10.0.0.5:1884",
      wifi: "field",
      wifiPassword: "12345678",
      password: "p",
      ack: "collector",
    };
    expect(make(wanted as WantedProvisioning)).toMatchObject({
      brokerHost: "10.0.0.5",
      brokerPort: 1884,
      wifiNetwork: "field",
      wifiPassword: "12345678",
      password: "p",
      acknowledgement: "collector",
    });
  });

  it("tells whether anybody knows the password", () => {
    const options = { device: "d1", previous: undefined, renewKey: false, random: counter() };
    expect(makeProvisioning({ ...options, wanted: { broker: "b" } }).isPasswordDrawn).toBe(true);
    expect(makeProvisioning({ ...options, wanted: { broker: "b", password: "p" } }).isPasswordDrawn).toBe(false);
  });

  it.each<[string, WantedProvisioning, RegExp]>([
    ["without a broker", {}, /PROVISION_BROKER: No broker is given/],
    ["with a URL for a broker", { broker: "mqtt://b" }, /PROVISION_BROKER/],
    ["with port 0", { broker: "b:0" }, /PROVISION_BROKER/],
    ["with port 65536", { broker: "b:65536" }, /PROVISION_BROKER/],
    ["with a bare IPv6 address", { broker: "fe80::1" }, /PROVISION_BROKER/],
    ["with a long network name", { broker: "b", wifi: "n".repeat(33) }, /PROVISION_WIFI: .*name is too long/],
    ["with a short Wi-Fi password", { broker: "b", wifi: "n", wifiPassword: "1234567" }, /PROVISION_WIFI: .*too short/],
    ["with a long Wi-Fi password", { broker: "b", wifi: "n", wifiPassword: "x".repeat(64) }, /PROVISION_WIFI/],
  ])("is refused %s", (_, wanted, message) => {
    expect(() => make(wanted)).toThrow(message);
  });
});

describe("a rotation", () => {
  it("changes incarnation and password, and keeps broker, network and key", () => {
    const made = make({}, previous);
    expect(made).toEqual({ ...previous, incarnation: made.incarnation, password: made.password });
    expect(made.incarnation).not.toBe(previous.incarnation);
    expect(made.password).not.toBe(previous.password);
  });

  it("changes the key where that is asked for", () => {
    expect(make({}, previous, true).deviceKey).not.toEqual(previous.deviceKey);
  });

  it("never hands the password of one network to another", () => {
    expect(make({ wifi: "other", wifiPassword: "" }, previous)).not.toHaveProperty("wifiPassword");
    expect(needsWifiPassword({ wifi: "other" }, previous)).toBe(true);
    expect(needsWifiPassword({ wifi: "field" }, previous)).toBe(false);
    expect(needsWifiPassword({ wifi: "" }, previous)).toBe(false);
    expect(make({ wifi: "" }, previous)).not.toHaveProperty("wifiNetwork");
  });
});

it("a broker's address is read and written alike", () => {
  for (const text of ["b.example:1", "10.0.0.1:65535", "[2001:db8::1]:1883"])
    expect(formatBroker(parseBroker(text))).toBe(text);
  expect(parseBroker("b")).toEqual({ host: "b", port: 1883 });
  expect(parseBroker("[::1]")).toEqual({ host: "::1", port: 1883 });
});
