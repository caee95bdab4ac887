import { provisionBroker, provisionWifi } from "../errors/provision.js";
import { parseBroker } from "./broker-address.js";
import type { Provisioning } from "./provisioning.js";
import type { WantedProvisioning } from "./secrets-file.js";

const INCARNATION_BYTES = 4;
const KEY_BYTES = 32;
/** 18 bytes are 24 characters of base64url: 144 bits. */
const PASSWORD_BYTES = 18;
const MAX_NETWORK_LENGTH = 32;
const MIN_WPA_LENGTH = 8;
const MAX_WPA_LENGTH = 63;
const ASCII = /^[\x20-\x7e]*$/;

export interface MakeOptions {
  readonly device: string;
  readonly wanted: WantedProvisioning;
  /** What the device had: broker, network and key stay unless others are wanted. */
  readonly previous: Provisioning | undefined;
  /** Draws a new device key although there is one. */
  readonly renewKey: boolean;
  /** Bytes from the system's random source. */
  readonly random: (count: number) => Uint8Array;
}

/** A provisioning, and whether its password was drawn here, so that nobody knows it. */
export interface MadeProvisioning {
  readonly provisioning: Provisioning;
  readonly isPasswordDrawn: boolean;
}

/**
 * Composes a device's provisioning. The incarnation is drawn anew, and so is the password unless one is wanted.
 * @throws SertaoError PROVISION_BROKER, PROVISION_WIFI
 */
export function makeProvisioning({ device, wanted, previous, renewKey, random }: MakeOptions): MadeProvisioning {
  const incarnation = Buffer.from(random(INCARNATION_BYTES)).readUInt32LE();
  const { brokerHost, brokerPort } = chooseBroker(wanted, previous);
  const password = wanted.password ?? Buffer.from(random(PASSWORD_BYTES)).toString("base64url");
  const deviceKey = (renewKey ? undefined : previous?.deviceKey) ?? random(KEY_BYTES);
  const acknowledgement = wanted.ack ?? previous?.acknowledgement;
  return {
    provisioning: {
      device,
      incarnation,
      brokerHost,
      brokerPort,
      password,
      deviceKey,
      ...chooseWifi(wanted, previous),
      ...(acknowledgement && { acknowledgement }),
      ...chooseUpdateKeys(wanted, previous),
    },
    isPasswordDrawn: wanted.password === undefined,
  };
}

function chooseBroker(
  { broker }: WantedProvisioning,
  previous: Provisioning | undefined,
): Pick<Provisioning, "brokerHost" | "brokerPort"> {
  if (broker === undefined && previous !== undefined) return previous;
  if (broker === undefined) throw provisionBroker("");
  const { host, port } = parseBroker(broker);
  return { brokerHost: host, brokerPort: port };
}

/** A device that gets other keys refuses what the old ones have signed: by those keys, so the sequence may begin anew. */
function chooseUpdateKeys(
  { updateKeys, updateSequence: wantedSequence }: WantedProvisioning,
  previous: Provisioning | undefined,
): Pick<Provisioning, "updateKey" | "spareKey" | "updateSequence"> {
  const [updateKey, spareKey] = updateKeys ?? [previous?.updateKey, previous?.spareKey];
  const updateSequence = wantedSequence ?? previous?.updateSequence;
  return {
    ...(updateKey && { updateKey }),
    ...(spareKey && { spareKey }),
    ...(updateSequence !== undefined && { updateSequence }),
  };
}

/** Network and password, those of before where none are wanted. @throws SertaoError PROVISION_WIFI */
export function chooseWifi(
  { wifi, wifiPassword }: WantedProvisioning,
  previous: Provisioning | undefined,
): Pick<Provisioning, "wifiNetwork" | "wifiPassword"> {
  const network = wifi ?? previous?.wifiNetwork;
  if (network === undefined || network === "") return {};
  if (!ASCII.test(network) || !ASCII.test(wifiPassword ?? ""))
    throw provisionWifi("name and password are not ASCII text");
  if (network.length > MAX_NETWORK_LENGTH) throw provisionWifi("the network's name is too long");
  const isSame = network === previous?.wifiNetwork;
  const password = wifiPassword ?? (isSame ? previous?.wifiPassword : undefined) ?? "";
  const isOpen = password === "";
  if (!isOpen && (password.length < MIN_WPA_LENGTH || password.length > MAX_WPA_LENGTH))
    throw provisionWifi("the password is too short or too long");
  return { wifiNetwork: network, ...(isOpen ? {} : { wifiPassword: password }) };
}

/** True where the network is a new one whose password nobody has given yet. */
export function needsWifiPassword(
  { wifi, wifiPassword }: WantedProvisioning,
  previous: Provisioning | undefined,
): boolean {
  return wifi !== undefined && wifi !== "" && wifiPassword === undefined && wifi !== previous?.wifiNetwork;
}
