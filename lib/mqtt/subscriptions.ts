import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { MessageHandler, Qos } from "../hal/messenger.js";
import type { MqttListener } from "./options.js";
import { encodeSubscribe } from "./subscribe.js";
import { isTopic, isTopicName } from "./topic.js";

/** What the broker knows of a filter. Any value above UNKNOWN is the packet id of the SUBSCRIBE that asks for it. */
export const enum Standing {
  REFUSED = -2,
  GRANTED = -1,
  UNKNOWN = 0,
}

/** A filter that this client wants, and who hears what arrives. */
export interface Subscription {
  readonly _filter: string;
  readonly _qos: Qos;
  _handler: MessageHandler;
  _standing: number;
}

/** Return codes of SUBACK above the granted QoS. */
const enum Answer {
  FAILURE = 0x80,
}

/**
 * Adds a filter, or gives a known one another handler. Throws DeviceError where the broker would not take it or a
 * packet of `packetBytes` does not hold it.
 */
export function addSubscription(all: Subscription[], added: Subscription, packetBytes: number): void {
  const filter = added._filter;
  let code: ErrorCode = ErrorCode.MQTT_TOPIC_INVALID;
  if (isTopicName(filter)) code = -encodeSubscribe(1, added, new Uint8Array(packetBytes), 0);
  if (code > 0) throw new DeviceError(code, filter.length);
  let at = 0;
  while (at < all.length && all[at]!._filter !== filter) at++;
  if (at < all.length) all[at]!._handler = added._handler;
  else all.push(added);
}

/** A connection has begun. Without a session the broker knows no filter; a refused one is asked for again. */
export function beginSubscriptions(all: Subscription[], sessionPresent: boolean): void {
  for (let i = 0; i < all.length; i++) {
    const one = all[i]!;
    if (!sessionPresent || one._standing !== Standing.GRANTED) one._standing = Standing.UNKNOWN;
  }
}

/** The first filter of a standing: UNKNOWN, or the packet id of its SUBSCRIBE. */
export function subscriptionOf(all: Subscription[], standing: number): Subscription | undefined {
  for (let i = 0; i < all.length; i++) if (all[i]!._standing === standing) return all[i];
  return undefined;
}

/** Takes the broker's answer to a SUBSCRIBE (§3.9): the granted QoS, or failure. */
export function answerSubscription(
  all: Subscription[],
  packetId: number,
  answer: number,
  listener: MqttListener,
): ErrorCode {
  const one = packetId ? subscriptionOf(all, packetId) : undefined;
  if (!one || (answer !== Answer.FAILURE && answer > one._qos)) return ErrorCode.MQTT_PROTOCOL_ERROR;
  one._standing = answer === Answer.FAILURE ? Standing.REFUSED : Standing.GRANTED;
  if (answer === Answer.FAILURE) listener.onSubscribeRefused(one._filter);
  return ErrorCode.OK;
}

/** Hands a message to a filter's handler, if it matches. A handler that throws is reported, and disturbs nobody. */
export function deliver(
  one: Subscription,
  bytes: Uint8Array,
  topicAt: number,
  topicEnd: number,
  payloadAt: number,
  end: number,
  listener: MqttListener,
): void {
  const filter = one._filter;
  if (!isTopic(filter, bytes, topicAt, topicEnd)) return;
  try {
    one._handler(filter, bytes, payloadAt, end);
  } catch (error) {
    if (listener.onHandlerFailed) listener.onHandlerFailed(filter, error);
  }
}
