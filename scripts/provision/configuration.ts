import { Encoder } from "cbor-x";
import { PROTOCOL_VERSION } from "../../lib/uplink/topics.js";
import { configurationEmpty, provisionBroker, provisionPassword } from "../errors/provision.js";
import { parseBroker } from "./broker-address.js";
import { chooseWifi } from "./make-provisioning.js";
import type { WantedProvisioning } from "./secrets-file.js";

/** What a configuration may change. */
export type WantedConfiguration = Pick<WantedProvisioning, "broker" | "wifi" | "wifiPassword" | "password">;

const ASCII = /^[\x20-\x7e]+$/;
const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });

/**
 * The image of a configuration: encoded as a provisioning, with the keys that are changed alone (docs/updates.md,
 * Configuration). A network without a password is an open one.
 * @throws SertaoError PROVISION_BROKER, PROVISION_WIFI, PROVISION_PASSWORD, CONFIGURATION_EMPTY
 */
export function encodeConfiguration(wanted: WantedConfiguration): Uint8Array {
  const { broker, password } = wanted;
  const { wifiNetwork, wifiPassword } = chooseWifi(wanted, undefined);
  const map = new Map<number, string | number>([[0, PROTOCOL_VERSION]]);
  if (broker !== undefined) {
    if (broker === "") throw provisionBroker("");
    const { host, port } = parseBroker(broker);
    map.set(3, host).set(4, port);
  }
  if (password !== undefined) {
    if (!ASCII.test(password)) throw provisionPassword();
    map.set(5, password);
  }
  if (wifiNetwork !== undefined) map.set(7, wifiNetwork);
  if (wifiPassword !== undefined) map.set(8, wifiPassword);
  if (map.size === 1) throw configurationEmpty();
  return Uint8Array.from(encoder.encode(map));
}
