import { ErrorCode } from "../../lib/core/error-code.js";
import { text, type DeviceErrorText } from "./device-text.js";

const LOOK = "Find the cause on a device at hand (sertao monitor), and sign a better one.";
const RESIGN = "Sign the update again with this version of Sertão.";

/** Codes of updates, in their order. */
export const updateErrors: readonly DeviceErrorText[] = [
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
    ErrorCode.UPDATE_DAMAGED,
    "UPDATE_DAMAGED",
    "What came is not what the offer and the manifest say: another envelope, or four blocks that do not hash right.",
    "Sign the update again and publish that. If it comes back, find out who writes to the broker.",
  ),
  text(
    ErrorCode.UPDATE_ON_TRIAL,
    "UPDATE_ON_TRIAL",
    "An update is on trial: no other becomes active before that one is decided.",
    "None: the device tries again by itself.",
  ),
  text(
    ErrorCode.UPDATE_IMAGE_DAMAGED,
    "UPDATE_IMAGE_DAMAGED",
    "The image of an update is no longer what was verified: its CRC-32 is another, or its file is too short.",
    "Publish the update again, signed anew. If it comes back, the flash of that device is worn out.",
  ),
  text(
    ErrorCode.UPDATE_CRASHED,
    "UPDATE_CRASHED",
    "An update was taken back: the device crashed with it as often as its trial allows.",
    LOOK,
  ),
  text(
    ErrorCode.UPDATE_SILENT,
    "UPDATE_SILENT",
    "An update was taken back: eight boots in a row ended before it was healthy, and none said why.",
    "Find the cause on a device at hand; if its supply fails that often, see to that, and sign the update again.",
  ),
  text(
    ErrorCode.UPDATE_MEMORY_LOW,
    "UPDATE_MEMORY_LOW",
    "An update was taken back: it left less memory free than its trial asks for.",
    "Make it smaller, or sign it with a lower --trial-free-bytes.",
  ),
  text(
    ErrorCode.UPDATE_SLOW,
    "UPDATE_SLOW",
    "An update was taken back: an inference took longer than its trial allows.",
    "Make the model smaller, or sign it with a higher --trial-inference-ms.",
  ),
  text(
    ErrorCode.UPDATE_OUTBOX_STUCK,
    "UPDATE_OUTBOX_STUCK",
    "An update was taken back: the outbox took no result from it, or delivered none though connected.",
    LOOK,
  ),
  text(
    ErrorCode.UPDATE_OFFLINE,
    "UPDATE_OFFLINE",
    "An update was taken back: with it the device could not connect any more.",
    "See that broker, network and passwords are right, and sign it again.",
  ),
  text(ErrorCode.UPDATE_IDLE, "UPDATE_IDLE", "An update was taken back: it ran for a day without an inference.", LOOK),
];
