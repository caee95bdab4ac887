import { Encoder } from "cbor-x";
import { PUBLIC_KEY_BYTES } from "../../lib/crypto/signed-envelope.js";
import { isDeviceId, PROTOCOL_VERSION } from "../../lib/uplink/topics.js";
import { provisioningInvalid } from "../errors/fleet.js";
import { decodeCbor } from "../fleet/messages/decode-cbor.js";
import { DEVICE_KEY_BYTES } from "../fleet/secrets/device-keys.js";

/** Greatest size of `sertao.cfg` in bytes. */
export const MAX_PROVISIONING_BYTES = 512;

const MAX_U32 = 0xffffffff;
const ASCII = /^[\x20-\x7e]*$/;

/** How a device learns that a record is safe: by PUBACK, or by the collector's `ack` message. */
export type Acknowledgement = "puback" | "collector";

/** The contents of `sertao.cfg` (docs/protocol.md). */
export interface Provisioning {
  readonly device: string;
  /** 32 bits, drawn anew for every provisioning. */
  readonly incarnation: number;
  readonly brokerHost: string;
  readonly brokerPort: number;
  readonly password?: string;
  /** 32 bytes. */
  readonly deviceKey?: Uint8Array;
  readonly wifiNetwork?: string;
  readonly wifiPassword?: string;
  /** "puback" where absent. */
  readonly acknowledgement?: Acknowledgement;
  /** Public keys that updates are trusted by, 60 bytes each: working key, and spare. */
  readonly updateKey?: Uint8Array;
  readonly spareKey?: Uint8Array;
  /** Updates up to this sequence are refused. */
  readonly updateSequence?: number;
}

const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });

/**
 * The bytes of `sertao.cfg`.
 * @throws SertaoError PROVISIONING_INVALID
 */
export function encodeProvisioning(fields: Provisioning): Uint8Array {
  assertValid(fields);
  const map = new Map<number, string | number | Uint8Array>([
    [0, PROTOCOL_VERSION],
    [1, fields.device],
    [2, fields.incarnation],
    [3, fields.brokerHost],
    [4, fields.brokerPort],
  ]);
  if (fields.password !== undefined) map.set(5, fields.password);
  if (fields.deviceKey !== undefined) map.set(6, fields.deviceKey);
  if (fields.wifiNetwork !== undefined) map.set(7, fields.wifiNetwork);
  if (fields.wifiPassword !== undefined) map.set(8, fields.wifiPassword);
  if (fields.acknowledgement !== undefined) map.set(9, fields.acknowledgement === "collector" ? 1 : 0);
  if (fields.updateKey !== undefined) map.set(10, fields.updateKey);
  if (fields.spareKey !== undefined) map.set(11, fields.spareKey);
  if (fields.updateSequence !== undefined) map.set(12, fields.updateSequence);
  const bytes = Uint8Array.from(encoder.encode(map));
  if (bytes.length > MAX_PROVISIONING_BYTES) {
    throw provisioningInvalid(`${bytes.length} bytes, ${MAX_PROVISIONING_BYTES} at most`);
  }
  return bytes;
}

/**
 * Reads `sertao.cfg`.
 * @throws SertaoError PROVISIONING_INVALID
 */
export function decodeProvisioning(bytes: Uint8Array): Provisioning {
  if (bytes.length > MAX_PROVISIONING_BYTES) throw provisioningInvalid("longer than 512 bytes");
  const map = readMap(bytes);
  if (map.get(0) !== PROTOCOL_VERSION) throw provisioningInvalid(`version ${String(map.get(0))} is unknown`);
  const fields: Record<string, unknown> = {
    device: map.get(1),
    incarnation: map.get(2),
    brokerHost: map.get(3),
    brokerPort: map.get(4),
  };
  if (map.has(5)) fields["password"] = map.get(5);
  if (map.has(6)) fields["deviceKey"] = asBytes(map.get(6));
  if (map.has(7)) fields["wifiNetwork"] = map.get(7);
  if (map.has(8)) fields["wifiPassword"] = map.get(8);
  if (map.has(9)) fields["acknowledgement"] = { 0: "puback", 1: "collector" }[Number(map.get(9))];
  if (map.has(10)) fields["updateKey"] = asBytes(map.get(10));
  if (map.has(11)) fields["spareKey"] = asBytes(map.get(11));
  if (map.has(12)) fields["updateSequence"] = map.get(12);
  assertValid(fields);
  return fields;
}

function readMap(bytes: Uint8Array): Map<unknown, unknown> {
  let value: unknown;
  try {
    value = decodeCbor(bytes);
  } catch (error) {
    throw provisioningInvalid(error instanceof Error ? error.message : String(error));
  }
  if (!(value instanceof Map)) throw provisioningInvalid("not a map");
  return value;
}

function asBytes(value: unknown): unknown {
  return value instanceof Uint8Array ? Uint8Array.from(value) : value;
}

function assertValid(fields: { [key: string]: unknown } | Provisioning): asserts fields is Provisioning {
  const {
    device,
    incarnation,
    brokerHost,
    brokerPort,
    deviceKey,
    acknowledgement,
    updateKey,
    spareKey,
    updateSequence,
    ...texts
  } = fields as Record<string, unknown>;
  check(typeof device === "string" && isDeviceId(device), "the device id is not 1 to 23 characters of a-z0-9");
  check(isUint(incarnation, MAX_U32), "the incarnation is not a 32-bit number");
  check(typeof brokerHost === "string" && /^[A-Za-z0-9.:-]{1,253}$/.test(brokerHost), "the broker is not a host name");
  check(isUint(brokerPort, 65535) && brokerPort !== 0, "the broker's port is not 1 to 65535");
  check(
    deviceKey === undefined || (deviceKey instanceof Uint8Array && deviceKey.length === DEVICE_KEY_BYTES),
    "the device key is not 32 bytes",
  );
  check(
    acknowledgement === undefined || acknowledgement === "puback" || acknowledgement === "collector",
    "the acknowledgement is neither puback nor collector",
  );
  for (const key of [updateKey, spareKey])
    check(
      key === undefined || (key instanceof Uint8Array && key.length === PUBLIC_KEY_BYTES),
      `a key of updates is not ${PUBLIC_KEY_BYTES} bytes`,
    );
  check(updateSequence === undefined || isUint(updateSequence, MAX_U32), "the sequence of updates is no 32-bit number");
  if ("acknowledgement" in fields) check(acknowledgement !== undefined, "the acknowledgement is not 0 or 1");
  for (const [name, value] of Object.entries(texts)) {
    check(value === undefined || (typeof value === "string" && ASCII.test(value)), `${name} is not ASCII text`);
  }
}

function isUint(value: unknown, max: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}

function check(holds: boolean, problem: string): void {
  if (!holds) throw provisioningInvalid(problem);
}
