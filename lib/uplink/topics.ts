import type { Qos } from "../hal/messenger.js";

/** Names of the topics: on a device all else about them is known where they are used. */
export const enum TopicName {
  STATUS = "status",
  RESULTS = "results",
  LOG = "log",
  UPDATE_REQUEST = "update/request",
  UPDATE_STATE = "update/state",
  ACK = "ack",
  TIME = "time",
  UPDATE_OFFER = "update/offer",
  UPDATE_BLOCK = "update/block",
}

/** One topic of docs/protocol.md, below `sertao/v1/<device>/`. */
export interface Topic {
  readonly name: string;
  readonly direction: "up" | "down";
  readonly qos: Qos;
  readonly retain: boolean;
  /** Greatest payload in bytes. */
  readonly maxBytes: number;
}

/** Major version of every message; key 0 or first item of each. */
export const PROTOCOL_VERSION = 1;

export const STATUS: Topic = { name: TopicName.STATUS, direction: "up", qos: 1, retain: true, maxBytes: 256 };
export const RESULTS: Topic = { name: TopicName.RESULTS, direction: "up", qos: 1, retain: false, maxBytes: 1024 };
export const LOG: Topic = { name: TopicName.LOG, direction: "up", qos: 1, retain: false, maxBytes: 512 };
export const UPDATE_REQUEST: Topic = {
  name: TopicName.UPDATE_REQUEST,
  direction: "up",
  qos: 0,
  retain: false,
  maxBytes: 64,
};
export const UPDATE_STATE: Topic = {
  name: TopicName.UPDATE_STATE,
  direction: "up",
  qos: 1,
  retain: false,
  maxBytes: 128,
};
export const ACK: Topic = { name: TopicName.ACK, direction: "down", qos: 0, retain: false, maxBytes: 32 };
export const TIME: Topic = { name: TopicName.TIME, direction: "down", qos: 0, retain: false, maxBytes: 64 };
export const UPDATE_OFFER: Topic = {
  name: TopicName.UPDATE_OFFER,
  direction: "down",
  qos: 1,
  retain: true,
  maxBytes: 128,
};
export const UPDATE_BLOCK: Topic = {
  name: TopicName.UPDATE_BLOCK,
  direction: "down",
  qos: 0,
  retain: false,
  maxBytes: 2112,
};

/** Longest packet that a device receives while no update is fetched. */
export const MAX_RECEIVE_BYTES = 182;

/** The full topic of a device: `sertao/v1/<device>/<name>`. */
export function topicPath(device: string, name: string): string {
  return "sertao/v1/" + device + "/" + name;
}

/** True for 1 to 23 characters of a-z0-9: device id, MQTT client id and user name at once. */
export function isDeviceId(text: string): boolean {
  if (text.length < 1 || text.length > 23) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 122))) return false;
  }
  return true;
}
