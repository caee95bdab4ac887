import { CborReader } from "../core/cbor-reader.js";
import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import { readScalars } from "../core/scalar-map.js";
import { AckMode } from "../uplink/delivery.js";
import { PROTOCOL_VERSION } from "../uplink/topics.js";

/** Name of the provisioning file in the device's storage. */
export const PROVISIONING_FILE = "sertao.cfg";

/** What the host gives each device (docs/protocol.md, Provisioning). It never comes with the bundle. */
export interface Provisioning {
  readonly device: string;
  readonly incarnation: number;
  host: string;
  port: number;
  /** Empty where the broker wants none. */
  password: string;
  /** The device key; empty where there is none. */
  readonly key: Uint8Array;
  /** Empty where there is no Wi-Fi to join. */
  network: string;
  networkPassword: string;
  readonly ackMode: AckMode;
  /** Sequence of updates from which on they count: older ones are refused. */
  readonly updateSequence: number;
}

/** Keys of the file. */
const enum Key {
  VERSION = 0,
  DEVICE = 1,
  INCARNATION = 2,
  HOST = 3,
  PORT = 4,
  PASSWORD = 5,
  DEVICE_KEY = 6,
  NETWORK = 7,
  NETWORK_PASSWORD = 8,
  ACK_MODE = 9,
  // 10 and 11, the keys that updates are trusted by, are read where they are needed (lib/update).
  UPDATE_SEQUENCE = 12,
}

/**
 * Reads the provisioning file. Keys of later versions are passed over. The host has checked what it wrote: here only
 * types are, so that damage is an error and never another device's name.
 * @throws DeviceError NOT_PROVISIONED, MESSAGE_INVALID (detail: the position or key) or MESSAGE_VERSION
 */
export function readProvisioning(file: ArrayBuffer | undefined): Provisioning {
  if (file === undefined) throw new DeviceError(ErrorCode.NOT_PROVISIONED, 0);
  const bytes = new Uint8Array(file);
  const reader = new CborReader(bytes, 0, bytes.length);
  // Their types are what a key without a value has.
  const none = new Uint8Array(0);
  const values: unknown[] = [0, "", 0, "", 1883, "", none, "", "", AckMode.PUBACK, none, none, 0];
  const wrong = readScalars(reader, values);
  if (wrong >= 0) throw new DeviceError(ErrorCode.MESSAGE_INVALID, wrong);
  if (values[Key.VERSION] !== PROTOCOL_VERSION) throw new DeviceError(ErrorCode.MESSAGE_VERSION, 0);
  if (values[Key.DEVICE] === "" || values[Key.HOST] === "") throw new DeviceError(ErrorCode.NOT_PROVISIONED, Key.HOST);
  return {
    device: values[Key.DEVICE] as string,
    incarnation: values[Key.INCARNATION] as number,
    host: values[Key.HOST] as string,
    port: values[Key.PORT] as number,
    password: values[Key.PASSWORD] as string,
    key: values[Key.DEVICE_KEY] as Uint8Array,
    network: values[Key.NETWORK] as string,
    networkPassword: values[Key.NETWORK_PASSWORD] as string,
    ackMode: values[Key.ACK_MODE] as AckMode,
    updateSequence: values[Key.UPDATE_SEQUENCE] as number,
  };
}

/**
 * Puts a configuration in place of what the provisioning says of network and broker. It is encoded alike, and has no other
 * keys than those: of others it may hold, none counts.
 * @param provisioning is changed
 * @param file that begins with the configuration
 * @returns false where the bytes are none, and nothing is changed
 */
export function configure(provisioning: Provisioning, file: ArrayBuffer, bytes: number): boolean {
  const reader = new CborReader(new Uint8Array(file, 0, bytes), 0, bytes);
  const values: unknown[] = [0, "", 0, "", 0, "", new Uint8Array(0), "", ""];
  if (readScalars(reader, values) >= 0 || values[Key.VERSION] !== PROTOCOL_VERSION) return false;
  provisioning.host = (values[Key.HOST] as string) || provisioning.host;
  provisioning.port = (values[Key.PORT] as number) || provisioning.port;
  provisioning.password = (values[Key.PASSWORD] as string) || provisioning.password;
  if (values[Key.NETWORK]) {
    provisioning.network = values[Key.NETWORK] as string;
    // A network without a password is an open one.
    provisioning.networkPassword = values[Key.NETWORK_PASSWORD] as string;
  }
  return true;
}
