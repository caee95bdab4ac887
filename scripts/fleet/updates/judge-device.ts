import { findBoard } from "../../../boards/index.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import { Field, UpdateKind, type Manifest } from "../../../lib/update/manifest.js";
import { type Counterpart, refusalOf, type UpdateTarget } from "../../../lib/update/refusal.js";
import { versionNumber } from "../../ota/version-number.js";
import type { DeviceRow } from "../store/store.js";
import { needsMac } from "./served-updates.js";

/** What a device says of itself; null where it has not said so yet. */
export type DeviceFacts = Pick<DeviceRow, "device" | "application" | "board" | "runtime">;

/**
 * Why a device would refuse an update, by what it says of itself: OK where it would not, or nothing is known. Only the
 * device knows what it has room for, and what works with the model that it has.
 * @param greatest sequence that it was offered or has spoken of
 * @param companion manifest of the companion where that is published with it
 */
export function judgeDevice(
  manifest: Manifest,
  facts: DeviceFacts,
  greatest: number,
  companion: Manifest | undefined,
): ErrorCode {
  // It trusts its own key alone, and has none to change.
  if (needsMac(facts.board) && manifest[Field.KIND] === UpdateKind.KEY) return ErrorCode.UPDATE_KEY_FORBIDDEN;
  return refusalOf(manifest, targetOf(manifest, facts, greatest), companion && counterpartOf(companion));
}

/** What is not known is as the update would have it. */
function targetOf(manifest: Manifest, facts: DeviceFacts, sequence: number): UpdateTarget {
  const storage = findBoard(facts.board ?? "")?.storage;
  const room = storage === undefined ? Infinity : storage.pageBytes * storage.pages;
  return {
    application: facts.application?.replace(/ [^ ]*$/, "") ?? manifest[Field.APPLICATION],
    board: facts.board ?? manifest[Field.BOARDS].split(" ")[0]!,
    device: facts.device,
    runtime: versionNumber((facts.runtime ?? "").replace(/\+.*/, "")) ?? manifest[Field.RUNTIME],
    sequence,
    maxImageBytes: [room, room, room],
    arenaBytes: Infinity,
  };
}

function counterpartOf(companion: Manifest): Counterpart {
  return {
    sequence: companion[Field.SEQUENCE],
    operators: companion[Field.OPERATORS],
    inputBytes: companion[Field.INPUT_BYTES],
    outputBytes: companion[Field.OUTPUT_BYTES],
  };
}
