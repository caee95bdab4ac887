import { asciiText } from "../core/bytes.js";
import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { MessageHandler, Qos } from "../hal/messenger.js";
import { putHeader, putText, putU16 } from "./encode.js";
import type { MqttListener } from "./options.js";
import { PacketType } from "./packet-type.js";
import type { ReceivedPublish } from "./publish.js";
import { filterMatches, isTopicFilter } from "./topic.js";

/** What the broker knows of a subscription. */
const enum Standing {
  UNKNOWN,
  ASKED,
  GRANTED,
  REFUSED,
}

interface Subscription {
  readonly _filter: string;
  readonly _qos: Qos;
  _handler: MessageHandler;
  _standing: Standing;
}

const FAILURE = 0x80;

/** The filters this client wants, what the broker said to each, and who hears what arrives. */
export class Subscriptions {
  private readonly _all: Subscription[] = [];
  /** Packet id of the SUBSCRIBE that is not answered, or 0. One at a time, for all filters that wait. */
  private _packetId = 0;

  /** @param _granted true where an earlier run in this session has subscribed to every filter that will be added */
  constructor(
    private readonly _listener: MqttListener,
    private readonly _granted: boolean,
  ) {}

  /** Adds a filter, or gives a known one another handler. Throws DeviceError where it is not a filter. */
  add(filter: string, qos: Qos, handler: MessageHandler, packetBytes: number): void {
    if (!isTopicFilter(filter)) throw new DeviceError(ErrorCode.MQTT_TOPIC_INVALID, filter.length);
    const end = putText(filter, new Uint8Array(packetBytes), 0);
    // A whole SUBSCRIBE: header of up to 5 bytes, packet id, text, QoS; less what else may stand in the buffer.
    if (end < 0) throw new DeviceError(-end as ErrorCode, filter.length);
    if (end + 16 > packetBytes) throw new DeviceError(ErrorCode.MQTT_PACKET_TOO_BIG, filter.length);
    for (let i = 0; i < this._all.length; i++) {
      if (this._all[i]!._filter !== filter) continue;
      this._all[i]!._handler = handler;
      return;
    }
    const standing = this._granted ? Standing.GRANTED : Standing.UNKNOWN;
    this._all.push({ _filter: filter, _qos: qos, _handler: handler, _standing: standing });
  }

  /** A connection has begun. Without a session the broker knows no filter; a refused one is asked for again. */
  begin(sessionPresent: boolean): void {
    this._packetId = 0;
    for (let i = 0; i < this._all.length; i++) {
      const one = this._all[i]!;
      if (!sessionPresent || one._standing !== Standing.GRANTED) one._standing = Standing.UNKNOWN;
    }
  }

  /** True while a SUBSCRIBE is to be written. */
  due(): boolean {
    return this._packetId === 0 && this._count(Standing.UNKNOWN) > 0;
  }

  /** True while the broker owes a SUBACK. */
  awaits(): boolean {
    return this._packetId > 0;
  }

  /** True where a packet id is in use here. */
  holds(packetId: number): boolean {
    return this._packetId === packetId;
  }

  /** Writes one SUBSCRIBE (§3.8) with as many waiting filters as fit. Returns the position after it; `at` for none. */
  encode(packetId: number, into: Uint8Array, at: number): number {
    let remaining = 2;
    for (let i = 0; i < this._all.length; i++) {
      const one = this._all[i]!;
      const size = 3 + one._filter.length;
      if (one._standing === Standing.UNKNOWN && at + 5 + remaining + size <= into.length) {
        remaining += size;
        one._standing = Standing.ASKED;
      }
    }
    if (remaining === 2) return at;
    this._packetId = packetId;
    at = putU16(packetId, into, putHeader(PacketType.SUBSCRIBE, remaining, into, at));
    for (let i = 0; i < this._all.length; i++) {
      const one = this._all[i]!;
      if (one._standing !== Standing.ASKED) continue;
      at = putText(one._filter, into, at);
      into[at++] = one._qos;
    }
    return at;
  }

  /** Reads the body of a SUBACK (§3.9): one answer for each filter asked, in order. */
  answer(bytes: Uint8Array, start: number, end: number): ErrorCode {
    if (end - start < 3) return ErrorCode.MQTT_MALFORMED_PACKET;
    if (this._packetId === 0 || ((bytes[start]! << 8) | bytes[start + 1]!) !== this._packetId) {
      return ErrorCode.MQTT_PROTOCOL_ERROR;
    }
    if (end - start - 2 !== this._count(Standing.ASKED)) return ErrorCode.MQTT_PROTOCOL_ERROR;
    this._packetId = 0;
    let at = start + 2;
    for (let i = 0; i < this._all.length; i++) {
      const one = this._all[i]!;
      if (one._standing !== Standing.ASKED) continue;
      const code = bytes[at++]!;
      if (code !== FAILURE && code > one._qos) return ErrorCode.MQTT_PROTOCOL_ERROR;
      one._standing = code === FAILURE ? Standing.REFUSED : Standing.GRANTED;
      if (code === FAILURE) this._listener.onSubscribeRefused(one._filter);
    }
    return ErrorCode.OK;
  }

  /** Hands a message to every handler whose filter matches. One that throws is reported and does not disturb the rest. */
  deliver(message: ReceivedPublish, bytes: Uint8Array, end: number): void {
    for (let i = 0; i < this._all.length; i++) {
      const one = this._all[i]!;
      const filter = one._filter;
      if (!filterMatches(filter, bytes, message.topicAt, message.topicEnd)) continue;
      const exact = filter.indexOf("+") < 0 && filter.indexOf("#") < 0;
      const topic = exact ? filter : asciiText(bytes, message.topicAt, message.topicEnd);
      try {
        one._handler(topic, bytes, message.payloadAt, end);
      } catch (error) {
        if (this._listener.onHandlerFailed) this._listener.onHandlerFailed(filter, error);
      }
    }
  }

  private _count(standing: Standing): number {
    let count = 0;
    for (let i = 0; i < this._all.length; i++) if (this._all[i]!._standing === standing) count++;
    return count;
  }
}
