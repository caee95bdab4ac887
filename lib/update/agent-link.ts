import type { ErrorCode } from "../core/error-code.js";
import type { Manifest, UpdateKind } from "./manifest.js";
import type { Offer } from "./offer.js";
import type { UpdateState } from "./update-state.js";

/** Name of the agent's script in the device's storage. */
export const AGENT_FILE = "update.js";

/**
 * What the keeper lends the agent. The two are of one release, because both come over the cable, but minified apart: so it is
 * a list by place, with no names.
 */
export type LentHost = readonly [
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
  model: ModelTraits,
];

/** The model in use, as far as another one or an application must fit it. Zeros and nothing where there is none. */
export type ModelTraits = readonly [arenaBytes: number, operators: Uint8Array, inputBytes: number, outputBytes: number];

/** Places in `ModelTraits`. */
export const enum Model {
  /** Arena and scratch together. */
  ARENA_BYTES = 0,
  OPERATORS = 1,
  INPUT_BYTES = 2,
  OUTPUT_BYTES = 3,
}

/** Places in a `LentHost`. */
export const enum Lent {
  OFFER = 0,
  GET_SETTING = 1,
  SET_SETTING = 2,
  SPARE_FILE = 3,
  WAITING = 4,
  WITHDRAW = 5,
  STAGE = 6,
  ACCEPT = 7,
  /** Publishes numbers as `update/request`. @returns below zero the negated ErrorCode, and nothing was sent */
  REQUEST = 8,
  /** Sends `update/state`: all but FETCHING are kept until the broker has them. */
  REPORT = 9,
  /** The agent has done all it can; with `restart`, an update is on trial from the next boot on. */
  CLOSE = 10,
  APPLICATION = 11,
  BOARD = 12,
  DEVICE = 13,
  /** "major.minor.patch" */
  RUNTIME = 14,
  /** Greatest sequence that was accepted. */
  ACCEPTED = 15,
  /** Memory that is free, in bytes. */
  FREE_BYTES = 16,
  /** Codes of the operators that the application has. */
  OPERATORS = 17,
  MODEL = 18,
}

/** What the agent gives in return. */
export type AgentHooks = readonly [
  heard: (bytes: Uint8Array, start: number, end: number) => void,
  connected: () => void,
  stop: () => void,
  closed: () => void,
];

/** Places in `AgentHooks`. */
export const enum Hook {
  /** Takes `update/block`, whole or as far as it has come. */
  HEARD = 0,
  /** There is a new connection. */
  CONNECTED = 1,
  /** Ends it without a word: there is another offer, or none. */
  STOP = 2,
  /** The connection has ended. */
  CLOSED = 3,
}

/** The value of the agent's script. It begins soon after. */
export type AgentScript = (host: LentHost) => AgentHooks;
