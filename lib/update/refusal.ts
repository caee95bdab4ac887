import { ErrorCode } from "../core/error-code.js";
import { Field, UpdateKind, type Manifest } from "./manifest.js";

/** The device that an update would go to. */
export interface UpdateTarget {
  readonly application: string;
  readonly board: string;
  readonly device: string;
  /** major * 65536 + minor * 256 + patch */
  readonly runtime: number;
  /** Greatest sequence that was accepted. */
  readonly sequence: number;
  /** Greatest image in bytes, by kind. */
  readonly maxImageBytes: readonly number[];
  /** What can be had for arena and scratch together, in bytes. */
  readonly arenaBytes: number;
}

/** The application that a model would work with, or the model that an application would. */
export interface Counterpart {
  /** Sequence of the update it came with; 0 where it came over the cable. */
  readonly sequence: number;
  /** Operators that the application has, or the model needs. */
  readonly operators: Uint8Array;
  /** Bytes of the model's input and output. */
  readonly inputBytes: number;
  readonly outputBytes: number;
}

/**
 * Why a device refuses an update whose signature is right; OK where it does not.
 * @param counterpart what would run with it: the companion where the manifest names one and it has come, else what is
 *   active; undefined where there is nothing yet
 */
export function refusalOf(manifest: Manifest, target: UpdateTarget, counterpart: Counterpart | undefined): ErrorCode {
  const kind = manifest[Field.KIND];
  const device = manifest[Field.DEVICE];
  const boards = manifest[Field.BOARDS];
  const companion = manifest[Field.COMPANION];
  if (manifest[Field.SEQUENCE] <= target.sequence) return ErrorCode.UPDATE_SEQUENCE_OLD;
  if (device && device !== target.device) return ErrorCode.UPDATE_WRONG_DEVICE;
  if (kind === UpdateKind.KEY) return ErrorCode.OK;
  if (manifest[Field.APPLICATION] !== target.application) return ErrorCode.UPDATE_WRONG_APPLICATION;
  // Not by a search in the text: Espruino finds "bc" in "ab", because it ends with the beginning of it.
  if (boards && boards.split(" ").indexOf(target.board) < 0) return ErrorCode.UPDATE_WRONG_BOARD;
  if (manifest[Field.RUNTIME] > target.runtime) return ErrorCode.UPDATE_RUNTIME_OLD;
  if (manifest[Field.IMAGE_BYTES] > target.maxImageBytes[kind]! || manifest[Field.ARENA_BYTES] > target.arenaBytes)
    return ErrorCode.UPDATE_TOO_BIG;
  if (companion && (!counterpart || counterpart.sequence !== companion)) return ErrorCode.UPDATE_COMPANION_MISSING;
  const model = kind === UpdateKind.MODEL;
  const outputBytes = manifest[Field.OUTPUT_BYTES];
  // A configuration has no model, and an application may have none.
  if (!counterpart || !(model || outputBytes)) return ErrorCode.OK;
  if (manifest[Field.INPUT_BYTES] !== counterpart.inputBytes || outputBytes !== counterpart.outputBytes)
    return ErrorCode.UPDATE_MODEL_MISMATCH;
  const own = manifest[Field.OPERATORS];
  return within(model ? own : counterpart.operators, model ? counterpart.operators : own)
    ? ErrorCode.OK
    : ErrorCode.UPDATE_OPERATOR_MISSING;
}

function within(needed: Uint8Array, present: Uint8Array): boolean {
  let missing = 0;
  for (let i = 0; i < needed.length; i++) {
    let at = 0;
    while (at < present.length && present[at] !== needed[i]) at++;
    if (at === present.length) missing++;
  }
  return !missing;
}
