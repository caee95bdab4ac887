import { ErrorCode } from "../../lib/core/error-code.js";

/** What a number that a device reports means. */
export interface DeviceErrorText {
  readonly code: ErrorCode;
  /** Its name in lib/core/error-code.ts. */
  readonly name: string;
  readonly cause: string;
  readonly remedy: string;
}

const REPACK = "Compile the model again with this version of Sertão and upload it.";
const REFLASH = "Upload the file again; if it comes back, the flash is wearing out.";
const RESIGN = "Sign the update again with this version of Sertão.";

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
    ErrorCode.CONFIG_REFUSED,
    "CONFIG_REFUSED",
    "A configuration was offered, and this runtime has nothing to verify it with.",
    "Provision the device anew, or remove the retained message from the broker.",
  ),

  text(
    ErrorCode.UPDATE_MALFORMED,
    "UPDATE_MALFORMED",
    "An update's envelope or manifest is not what docs/updates.md says.",
    RESIGN,
  ),
  text(
    ErrorCode.UPDATE_VERSION,
    "UPDATE_VERSION",
    "An update's manifest has a major version that this runtime does not know.",
    RESIGN,
  ),
  text(
    ErrorCode.UPDATE_KEY_UNKNOWN,
    "UPDATE_KEY_UNKNOWN",
    "An update names a key that the device does not trust, or no longer.",
    "Sign it with a key that the device knows: its working key or its spare.",
  ),
  text(
    ErrorCode.UPDATE_SIGNATURE,
    "UPDATE_SIGNATURE",
    "An update's signature or MAC is wrong: it was changed on its way, or somebody forges.",
    "Publish it again. If it comes back, find out who writes to the broker.",
  ),
  text(
    ErrorCode.UPDATE_SEQUENCE_OLD,
    "UPDATE_SEQUENCE_OLD",
    "An update's sequence is not above that of the last one the device accepted.",
    "Sign it again: a new signature has a higher sequence. To go back, sign the old image anew.",
  ),
  text(
    ErrorCode.UPDATE_WRONG_APPLICATION,
    "UPDATE_WRONG_APPLICATION",
    "An update is for another application.",
    "Publish it to the devices that run that application.",
  ),
  text(
    ErrorCode.UPDATE_WRONG_BOARD,
    "UPDATE_WRONG_BOARD",
    "An update is for other boards.",
    "Build and sign it for the device's board, or name more boards when signing (--boards).",
  ),
  text(
    ErrorCode.UPDATE_WRONG_DEVICE,
    "UPDATE_WRONG_DEVICE",
    "An update is for another device.",
    "Publish it to the device that it names.",
  ),
  text(
    ErrorCode.UPDATE_RUNTIME_OLD,
    "UPDATE_RUNTIME_OLD",
    "An update needs a later version of the runtime.",
    "Update the application first: the runtime comes with it.",
  ),
  text(
    ErrorCode.UPDATE_TOO_BIG,
    "UPDATE_TOO_BIG",
    "An update's image or arena is larger than the device has room for.",
    "Make the model or the application smaller.",
  ),
  text(
    ErrorCode.UPDATE_OPERATOR_MISSING,
    "UPDATE_OPERATOR_MISSING",
    "A model uses an operator that the application it would work with was not built with.",
    "Build the application with this model, and sign both with --together.",
  ),
  text(
    ErrorCode.UPDATE_MODEL_MISMATCH,
    "UPDATE_MODEL_MISMATCH",
    "A model has other inputs or outputs than the application it would work with.",
    "Build the application with this model, and sign both with --together.",
  ),
  text(
    ErrorCode.UPDATE_COMPANION_MISSING,
    "UPDATE_COMPANION_MISSING",
    "An update becomes active with another one, which has not come.",
    "Publish the other one too.",
  ),
  text(
    ErrorCode.UPDATE_KEY_FORBIDDEN,
    "UPDATE_KEY_FORBIDDEN",
    "A key was to be changed by one that may not, or the last key was to go without another.",
    "Sign the change with the spare key, and name a new key.",
  ),

  text(
    ErrorCode.SENSOR_FAILED,
    "SENSOR_FAILED",
    "A sensor gave no reading. The others go on.",
    "Check its wiring and supply.",
  ),
  text(
    ErrorCode.SENSOR_OUT_OF_RANGE,
    "SENSOR_OUT_OF_RANGE",
    "A reading lies outside the range that the sensor can measure; it was dropped.",
    "Check the sensor, or the range in the application.",
  ),
  text(
    ErrorCode.SAMPLE_MISSED,
    "SAMPLE_MISSED",
    "A sample was due while the device was busy.",
    "Sample less often, or step long inferences.",
  ),
  text(
    ErrorCode.MODEL_MISSING,
    "MODEL_MISSING",
    "The device's storage holds no model pack.",
    "Upload application and model together.",
  ),
  text(
    ErrorCode.OUT_OF_MEMORY,
    "OUT_OF_MEMORY",
    "The engine's memory is used up.",
    "Make the arena or the outbox smaller; `sertao build` estimates what is needed.",
  ),
  text(
    ErrorCode.BUS_NO_ACK,
    "BUS_NO_ACK",
    "Nobody on the bus answered: the part is missing, has another address, or is busy.",
    "Check its plug, supply and address.",
  ),
  text(
    ErrorCode.BUS_STUCK,
    "BUS_STUCK",
    "A line of the bus is held low, so nothing can be said on it.",
    "Look for a short or a missing pull-up; cut the supply of the parts on that bus.",
  ),
  text(
    ErrorCode.BUS_TIMEOUT,
    "BUS_TIMEOUT",
    "The bus did not become free in time; engines that cannot tell more report a stuck bus so.",
    "Look for a short or a missing pull-up; cut the supply of the parts on that bus.",
  ),
  text(
    ErrorCode.BUS_FAILED,
    "BUS_FAILED",
    "The engine refused a transfer on a bus, or gave fewer bytes than were asked for.",
    "Check the bus and its pins in the board's file.",
  ),
  text(
    ErrorCode.SENSOR_CHECKSUM,
    "SENSOR_CHECKSUM",
    "What a sensor sent does not fit its checksum.",
    "Shorten the cable, lower the bus's speed, or move it away from what disturbs it.",
  ),
  text(
    ErrorCode.SENSOR_UNKNOWN,
    "SENSOR_UNKNOWN",
    "The part at that address is another than the driver's.",
    "Check what is wired; a BMP280 is often sold as a BME280.",
  ),
  text(
    ErrorCode.SENSOR_BUSY,
    "SENSOR_BUSY",
    "A sensor had not finished its measurement when it was read.",
    "None needed once. If it stays, the part is not to its datasheet.",
  ),
  text(
    ErrorCode.SENSOR_RESTARTED,
    "SENSOR_RESTARTED",
    "A sensor lost its supply since it was set up; the reading was dropped and the sensor set up again.",
    "If it comes back, look for a loose contact.",
  ),
  text(
    ErrorCode.SENSOR_WARMING_UP,
    "SENSOR_WARMING_UP",
    "A sensor was opened too short a while ago for its readings to mean anything.",
    "None needed: it ends by itself.",
  ),
  text(
    ErrorCode.PIN_UNUSABLE,
    "PIN_UNUSABLE",
    "The firmware cannot do with a pin what the application asks of it.",
    "Take another of the board's pins; docs/sensors.md says which can do what.",
  ),
  text(
    ErrorCode.PULSES_LOST,
    "PULSES_LOST",
    "The engine's event queue overflowed, so the pulses since the last sample are not known.",
    "Let nothing block for long, lengthen the debounce time, or take a counter with fewer pulses.",
  ),
];

/** What a reported number means, or undefined for one of another version. */
export function deviceError(code: number): DeviceErrorText | undefined {
  return deviceErrors.find((known) => known.code === code);
}

function text(code: ErrorCode, name: string, cause: string, remedy: string): DeviceErrorText {
  return { code, name, cause, remedy };
}
