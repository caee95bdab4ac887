import type { ErrorCode } from "../core/error-code.js";
import type { Manifest, UpdateKind } from "./manifest.js";
import type { Offer } from "./offer.js";
import type { UpdateState } from "./update-state.js";

/** Name of the agent's script in the device's storage. */
export const AGENT_FILE = "update.js";

/** Grows when `LentHost` changes in a way that an agent of another release does not survive. */
export const AGENT_LINK_VERSION = 1;

/**
 * What the application lends the agent. The two are minified apart, and may be of different releases: an application is
 * updated, its agent is not. So it is a list by place, with no names; new places go to its end.
 */
export type LentHost = readonly [
  version: number,
  offer: Offer,
  getSetting: (key: number) => Uint8Array,
  setSetting: (key: number, value: Uint8Array) => ErrorCode,
  // The slots of images, as far as an agent needs them (lib/update/slots.ts).
  spareFile: (kind: UpdateKind) => string,
  waiting: (kind: UpdateKind) => number,
  withdraw: (kind: UpdateKind) => ErrorCode,
  stage: (manifest: Manifest) => ErrorCode,
  accept: (sequence: number) => ErrorCode,
  request: (items: readonly number[]) => number,
  report: (sequence: number, state: UpdateState, reason: ErrorCode, done: number, total: number) => void,
  close: (restart: boolean) => void,
  application: string,
  board: string,
  device: string,
  runtime: string,
  accepted: number,
  freeBytes: number,
  operators: Uint8Array,
  modelFile: string,
];

/** Places in a `LentHost`. */
export const enum Lent {
  VERSION = 0,
  OFFER = 1,
  GET_SETTING = 2,
  SET_SETTING = 3,
  SPARE_FILE = 4,
  WAITING = 5,
  WITHDRAW = 6,
  STAGE = 7,
  ACCEPT = 8,
  /** Publishes numbers as `update/request`. @returns below zero the negated ErrorCode, and nothing was sent */
  REQUEST = 9,
  /** Sends `update/state`: all but FETCHING are kept until the broker has them. */
  REPORT = 10,
  /** The agent has done all it can; with `restart`, an update is on trial from the next boot on. */
  CLOSE = 11,
  APPLICATION = 12,
  BOARD = 13,
  DEVICE = 14,
  /** "major.minor.patch" */
  RUNTIME = 15,
  /** Greatest sequence that was accepted. */
  ACCEPTED = 16,
  /** Memory that is free, in bytes. */
  FREE_BYTES = 17,
  /** Codes of the operators that the application has. */
  OPERATORS = 18,
  /** File of the model in use; empty where there is none. */
  MODEL_FILE = 19,
}

/** What the agent gives in return. */
export type AgentHooks = readonly [
  heard: (bytes: Uint8Array, start: number, end: number) => void,
  connected: () => void,
  stop: () => void,
];

/** Places in `AgentHooks`. */
export const enum Hook {
  /** Takes `update/block`, whole or as far as it came. */
  HEARD = 0,
  /** There is a new connection. */
  CONNECTED = 1,
  /** Ends it without a word: there is another offer, or none. */
  STOP = 2,
}

/** The value of the agent's script. It begins soon after; undefined where the host is of a version that it does not know. */
export type AgentScript = (host: LentHost) => AgentHooks | undefined;
