import type { ErrorCode } from "../core/error-code.js";
import type { Qos } from "../hal/messenger.js";

/** Name of the keeper's script in the device's storage. */
export const KEEPER_FILE = "slots.js";

/** Grows when `LentDevice` or `Told` changes in a way that a keeper of another release does not survive. */
export const KEEPER_LINK_VERSION = 1;

/**
 * What the application lends the keeper of the slots. The two are minified apart, and may be of different releases: an
 * application is updated, its keeper is not. So it is a list by place, with no names; new places go to its end.
 */
export type LentDevice = readonly [
  version: number,
  getSetting: (key: number) => Uint8Array,
  setSetting: (key: number, value: Uint8Array) => ErrorCode,
  publish: (topic: string, message: Uint8Array, qos: Qos) => number,
  receiveUpTo: (bytes: number, onPart?: (bytes: Uint8Array, start: number, end: number) => void) => void,
  noteError: (code: ErrorCode) => void,
  isOffline: () => boolean,
  close: (accepted: number) => void,
  application: string,
  board: string,
  device: string,
  runtime: string,
  operators: readonly number[],
  updateSequence: number,
  onTrial: boolean,
];

/** Places in a `LentDevice`. */
export const enum LentAt {
  VERSION = 0,
  GET_SETTING = 1,
  SET_SETTING = 2,
  /** Publishes, not retained. @returns a token above 0, 0 for QoS 0, below zero the negated ErrorCode */
  PUBLISH = 3,
  /** The longest packet from now on, and who hears of messages that are not whole yet. */
  RECEIVE_UP_TO = 4,
  /** The next status tells of it. */
  NOTE_ERROR = 5,
  /** There should be a connection, and there is none. */
  IS_OFFLINE = 6,
  /** The keeper has nothing to do until an offer comes that has another sequence than this. */
  CLOSE = 7,
  APPLICATION = 8,
  BOARD = 9,
  DEVICE = 10,
  /** "major.minor.patch" */
  RUNTIME = 11,
  /** Codes of the operators that the application has. */
  OPERATORS = 12,
  /** Sequence that the provisioning accepts. */
  UPDATE_SEQUENCE = 13,
  /** This boot is part of a trial. */
  ON_TRIAL = 14,
}

/** What the keeper is told. Unknown events are passed over. */
export const enum Told {
  /** @returns SlotFacts, where nobody has handed on any */
  FACTS = 0,
  /** `update/offer` or `update/block`: bytes, start, end. */
  OFFER = 1,
  BLOCK = 2,
  /** The broker has accepted the device: records that wait. */
  CONNECTED = 3,
  /** A connection has ended, or was none: records that wait, and whether there is a network. */
  CLOSED = 4,
  /** The broker has a message: its token, records that wait. */
  PUBLISHED = 5,
  /** An inference was made: milliseconds that it took, records that wait. */
  INFERRED = 6,
  /** An exception that nothing caught. */
  CRASHED = 7,
  /** The application cannot start: an ErrorCode. @returns true where an update was on trial, which is taken back */
  FAILED = 8,
  /** @returns true while an update is fetched or verified */
  BUSY = 9,
}

/** The value of the keeper's script; its value is undefined where the device is of a version that it does not know. */
export type KeeperScript = (device: LentDevice) => TellKeeper | undefined;

export type TellKeeper = (what: Told, a?: unknown, b?: unknown, c?: unknown) => unknown;
