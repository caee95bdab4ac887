import { copyBytes } from "../core/bytes.js";
import { CborReader } from "../core/cbor-reader.js";
import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import { AckMode } from "../uplink/delivery.js";
import { isDeviceId, PROTOCOL_VERSION } from "../uplink/topics.js";

/** Name of the provisioning file in the device's storage. */
export const PROVISIONING_FILE = "sertao.cfg";

/** What the host gives each device (docs/protocol.md, Provisioning). It never comes with the bundle. */
export class Provisioning {
  device = "";
  incarnation = 0;
  host = "";
  port = 1883;
  password = "";
  /** The device key; empty where there is none. */
  key = new Uint8Array(0);
  wifiNetwork = "";
  wifiPassword = "";
  ackMode: AckMode = AckMode.PUBACK;
}

/** Reads the provisioning file. Throws DeviceError NOT_PROVISIONED, MESSAGE_INVALID, MESSAGE_VERSION or DEVICE_ID_INVALID. */
export function readProvisioning(file: ArrayBuffer | undefined): Provisioning {
  if (file === undefined) throw new DeviceError(ErrorCode.NOT_PROVISIONED, 0);
  const bytes = new Uint8Array(file);
  const reader = new CborReader(bytes, 0, bytes.length);
  const found = new Provisioning();
  const pairs = reader.map();
  let version = 0;
  for (let i = 0; i < pairs && !reader.failed; i++) {
    const key = reader.unsigned();
    if (key === 0) version = reader.unsigned();
    else readField(found, key, reader);
  }
  if (reader.failed) throw new DeviceError(ErrorCode.MESSAGE_INVALID, reader.at);
  if (version !== PROTOCOL_VERSION) throw new DeviceError(ErrorCode.MESSAGE_VERSION, version);
  if (!isDeviceId(found.device)) throw new DeviceError(ErrorCode.DEVICE_ID_INVALID, found.device.length);
  if (found.host === "") throw new DeviceError(ErrorCode.NOT_PROVISIONED, 3);
  return found;
}

function readField(found: Provisioning, key: number, reader: CborReader): void {
  switch (key) {
    case 1:
      found.device = reader.text();
      break;
    case 2:
      found.incarnation = reader.unsigned();
      break;
    case 3:
      found.host = reader.text();
      break;
    case 4:
      found.port = reader.unsigned();
      break;
    case 5:
      found.password = reader.text();
      break;
    case 6:
      found.key = readKey(reader);
      break;
    case 7:
      found.wifiNetwork = reader.text();
      break;
    case 8:
      found.wifiPassword = reader.text();
      break;
    case 9:
      found.ackMode = reader.unsigned() === 1 ? AckMode.COLLECTOR : AckMode.PUBACK;
      break;
    default:
      reader.skip();
  }
}

function readKey(reader: CborReader): Uint8Array<ArrayBuffer> {
  const count = reader.byteString();
  const key = new Uint8Array(count);
  copyBytes(reader.bytes, reader.at - count, key, 0, count);
  return key;
}
