import {
  LOG,
  RESULTS,
  STATUS,
  type Topic,
  UPDATE_REQUEST,
  UPDATE_STATE,
  isDeviceId,
} from "../../../lib/uplink/topics.js";
import { decodeLog, type LogLine } from "./log.js";
import { Refusal } from "./refusal.js";
import { decodeResults, type Results } from "./results.js";
import { decodeStatus, type Status } from "./status.js";
import { decodeUpdateRequest, type UpdateRequest } from "./update-request.js";
import { decodeUpdateState, type UpdateState } from "./update-state.js";

/** Everything a device can send. */
export type Message = Status | Results | LogLine | UpdateRequest | UpdateState;

const decoders: readonly [Topic, (payload: Uint8Array) => Message][] = [
  [STATUS, decodeStatus],
  [RESULTS, decodeResults],
  [LOG, decodeLog],
  [UPDATE_REQUEST, decodeUpdateRequest],
  [UPDATE_STATE, decodeUpdateState],
];

/** The topics a device publishes to. */
export const upTopics: readonly Topic[] = decoders.map(([topic]) => topic);

const PREFIX = "sertao/v1/";

/** Device and name of a topic (`sertao/v1/<device>/<name>`), or undefined where it is another's. */
export function parseTopic(path: string): { device: string; name: string } | undefined {
  const slash = path.indexOf("/", PREFIX.length);
  if (!path.startsWith(PREFIX) || slash < 0) return undefined;
  const device = path.slice(PREFIX.length, slash);
  return isDeviceId(device) ? { device, name: path.slice(slash + 1) } : undefined;
}

/**
 * Decodes the payload of an up topic; one above the topic's greatest size is refused unread.
 * @throws Refusal
 */
export function decodeMessage(name: string, payload: Uint8Array): Message {
  const entry = decoders.find(([topic]) => topic.name === name);
  if (entry === undefined) throw new Refusal("not a topic that devices publish to");
  const [topic, decode] = entry;
  if (payload.length > topic.maxBytes) throw new Refusal(`${payload.length} bytes, ${topic.maxBytes} at most`);
  return decode(payload);
}
