import { ErrorCode } from "../../lib/core/error-code.js";
import { sensorErrors } from "./device-sensors.js";
import { text, type DeviceErrorText } from "./device-text.js";
import { updateErrors } from "./device-updates.js";

const REPACK = "Compile the model again with this version of Sertão and upload it.";
const REFLASH = "Upload the file again; if it comes back, the flash is wearing out.";

/** Every code of lib/core/error-code.ts but OK, in its order. */
export const deviceErrors: readonly DeviceErrorText[] = [
  text(ErrorCode.PACK_TRUNCATED, "PACK_TRUNCATED", "The model pack is shorter than its header says.", REFLASH),
  text(ErrorCode.PACK_NOT_A_PACK, "PACK_NOT_A_PACK", "The file is no model pack.", "Upload a .smod file."),
  text(ErrorCode.PACK_VERSION, "PACK_VERSION", "The model pack has another major version.", REPACK),
  text(ErrorCode.PACK_CRC, "PACK_CRC", "The model pack's checksum is wrong.", REFLASH),
  text(ErrorCode.PACK_STRUCTURE, "PACK_STRUCTURE", "A field of the model pack contradicts another.", REPACK),
  text(
    ErrorCode.PACK_OPERATOR_MISSING,
    "PACK_OPERATOR_MISSING",
    "The model uses an operator that the application was not built with.",
    "Build the application with this model and upload both.",
  ),
  text(
    ErrorCode.PACK_TOO_BIG,
    "PACK_TOO_BIG",
    "The model needs a larger arena than the engine has memory for.",
    "Train a smaller model, or take a board with more JsVars.",
  ),
  text(
    ErrorCode.MODEL_INPUT_SIZE,
    "MODEL_INPUT_SIZE",
    "The features and the model's input differ in number.",
    "Match the application's features to the model.",
  ),
  text(
    ErrorCode.SELF_TEST_FAILED,
    "SELF_TEST_FAILED",
    "The model gave other bits than the golden vectors in its pack.",
    "Report it with board, firmware version and model: kernel and engine disagree.",
  ),
  text(
    ErrorCode.RUNTIME_REFUSED,
    "RUNTIME_REFUSED",
    "The firmware has no TensorFlow, or no memory for the model in it.",
    "Compile the model with --backend espruino, or free memory.",
  ),

  text(
    ErrorCode.MQTT_CONNECT_FAILED,
    "MQTT_CONNECT_FAILED",
    "No connection to the broker: name not found, refused, or no network.",
    "Check broker host, port and Wi-Fi in the provisioning. The device tries again by itself.",
  ),
  text(
    ErrorCode.MQTT_CONNECT_TIMEOUT,
    "MQTT_CONNECT_TIMEOUT",
    "The broker accepted the connection and did not answer CONNECT.",
    "Check that the port speaks MQTT without TLS.",
  ),
  text(
    ErrorCode.MQTT_REFUSED_PROTOCOL,
    "MQTT_REFUSED_PROTOCOL",
    "The broker does not speak MQTT 3.1.1 (return code 1).",
    "Enable MQTT 3.1.1 at the broker.",
  ),
  text(
    ErrorCode.MQTT_REFUSED_CLIENT_ID,
    "MQTT_REFUSED_CLIENT_ID",
    "The broker refused the client id (return code 2).",
    "Allow the device id as client id at the broker.",
  ),
  text(
    ErrorCode.MQTT_REFUSED_UNAVAILABLE,
    "MQTT_REFUSED_UNAVAILABLE",
    "The broker is not available (return code 3).",
    "Look at the broker's log. The device tries again by itself.",
  ),
  text(
    ErrorCode.MQTT_REFUSED_LOGIN,
    "MQTT_REFUSED_LOGIN",
    "User name or password are wrong (return code 4).",
    "Provision the device with the password that the broker has for it.",
  ),
  text(
    ErrorCode.MQTT_REFUSED_NOT_AUTHORISED,
    "MQTT_REFUSED_NOT_AUTHORISED",
    "The broker does not let the device in (return code 5).",
    "Give the broker the rules that `sertao fleet acl` prints.",
  ),
  text(
    ErrorCode.MQTT_CLOSED_BY_PEER,
    "MQTT_CLOSED_BY_PEER",
    "The broker or the network ended the connection.",
    "None needed: the device connects again. If it happens at once each time, look at the broker's log.",
  ),
  text(
    ErrorCode.MQTT_PING_TIMEOUT,
    "MQTT_PING_TIMEOUT",
    "The broker did not answer a ping: the link is dead in one direction.",
    "None needed: the device connects again.",
  ),
  text(
    ErrorCode.MQTT_MALFORMED_PACKET,
    "MQTT_MALFORMED_PACKET",
    "The broker sent bytes that are no MQTT 3.1.1 packet.",
    "Check that the port speaks MQTT, and nothing between changes it.",
  ),
  text(
    ErrorCode.MQTT_PACKET_TOO_BIG,
    "MQTT_PACKET_TOO_BIG",
    "A packet exceeds the device's buffer.",
    "Keep messages to the sizes of docs/protocol.md.",
  ),
  text(
    ErrorCode.MQTT_PROTOCOL_ERROR,
    "MQTT_PROTOCOL_ERROR",
    "The broker sent a packet that the state of the session forbids.",
    "Report it with the broker's name and version.",
  ),
  text(
    ErrorCode.MQTT_SUBSCRIBE_REFUSED,
    "MQTT_SUBSCRIBE_REFUSED",
    "The broker refused a subscription.",
    "Give the broker the rules that `sertao fleet acl` prints.",
  ),
  text(
    ErrorCode.MQTT_NOT_CONNECTED,
    "MQTT_NOT_CONNECTED",
    "A message was to be sent while there is no connection.",
    "None needed: results wait in the outbox.",
  ),
  text(
    ErrorCode.MQTT_WINDOW_FULL,
    "MQTT_WINDOW_FULL",
    "As many messages as allowed wait for their acknowledgement.",
    "None needed: the next follows the next acknowledgement.",
  ),
  text(
    ErrorCode.MQTT_TOPIC_INVALID,
    "MQTT_TOPIC_INVALID",
    "A topic is empty, has a wildcard where none may be, or is not ASCII.",
    "Correct the application's topic.",
  ),
  text(
    ErrorCode.MQTT_WRITE_STALLED,
    "MQTT_WRITE_STALLED",
    "What was written did not leave the device in time.",
    "None needed: the device connects again.",
  ),
  text(
    ErrorCode.MQTT_ACK_TIMEOUT,
    "MQTT_ACK_TIMEOUT",
    "The broker did not acknowledge a message in time.",
    "None needed: the device connects again and repeats it. If it stays, look at the collector.",
  ),
  text(
    ErrorCode.MQTT_FLOODED,
    "MQTT_FLOODED",
    "The broker sent faster than the device can read, and has no brake.",
    "Find who publishes so much to the device's topics.",
  ),

  text(
    ErrorCode.OUTBOX_FULL,
    "OUTBOX_FULL",
    "The outbox is full and set to reject new records.",
    "Connect more often, report less, or let the outbox drop the oldest.",
  ),
  text(
    ErrorCode.OUTBOX_RECORD_TOO_BIG,
    "OUTBOX_RECORD_TOO_BIG",
    "One record exceeds what the outbox takes.",
    "Report fewer or shorter values at once.",
  ),
  text(
    ErrorCode.OUTBOX_EVICTED,
    "OUTBOX_EVICTED",
    "Records were dropped to make room; `status` counts them.",
    "Connect more often or report less.",
  ),
  text(
    ErrorCode.OUTBOX_DAMAGED,
    "OUTBOX_DAMAGED",
    "The outbox found bytes that are no record of its own and skipped them.",
    "None needed after a power cut. If it stays, the flash is wearing out.",
  ),
  text(
    ErrorCode.SETTINGS_FULL,
    "SETTINGS_FULL",
    "A setting is too long, or all together exceed a page.",
    "Shorten what the provisioning holds.",
  ),
  text(
    ErrorCode.SETTINGS_DAMAGED,
    "SETTINGS_DAMAGED",
    "The settings held bytes that are no entry; the last whole entries count.",
    "None needed after a power cut. If it stays, the flash is wearing out.",
  ),
  text(
    ErrorCode.FLASH_WRITE_FAILED,
    "FLASH_WRITE_FAILED",
    "Flash does not hold what was written.",
    "Replace the board, or move the region: the flash is worn out.",
  ),

  text(
    ErrorCode.DEVICE_ID_INVALID,
    "DEVICE_ID_INVALID",
    "The device id is not 1 to 23 characters of a-z0-9.",
    "Provision the device with another id.",
  ),
  text(
    ErrorCode.NOT_PROVISIONED,
    "NOT_PROVISIONED",
    "The file sertao.cfg is missing or has no broker.",
    "Provision the device: docs/protocol.md, Provisioning.",
  ),
  text(
    ErrorCode.MESSAGE_INVALID,
    "MESSAGE_INVALID",
    "A message or the provisioning file is not what docs/protocol.md says.",
    "Write it with this version of Sertão.",
  ),
  text(
    ErrorCode.MESSAGE_VERSION,
    "MESSAGE_VERSION",
    "A message or the provisioning file has a major version that this runtime does not know.",
    "Use the same major version on host and device.",
  ),
  text(
    ErrorCode.PROVISIONING_FAILED,
    "PROVISIONING_FAILED",
    "The new provisioning did not connect; the device uses broker, network and passwords of the one before.",
    "See that broker, network and passwords of the new one are right, provision the device anew and upload that.",
  ),

  ...updateErrors,
  ...sensorErrors,
];

/** What a reported number means, or undefined for one of another version. */
export function deviceError(code: number): DeviceErrorText | undefined {
  return deviceErrors.find((known) => known.code === code);
}
