import { RESULTS, STATUS } from "../../../lib/uplink/topics.js";
import { PacketSplitter } from "./packet-splitter.js";

/** Bytes of whole MQTT packets that devices wrote and heard, by what they are for. */
export interface AirBytes {
  /** PUBLISH of results, repeats included. */
  results: number;
  /** PUBACK of these, and of `status`. */
  puback: number;
  status: number;
  /** PUBLISH to the device: `ack`, `time`. */
  down: number;
  /** CONNECT, CONNACK, DISCONNECT. */
  connect: number;
  subscribe: number;
  ping: number;
}

/** One connection, as its device sees it. */
export interface MeteredConnection {
  sent(bytes: Uint8Array): void;
  received(bytes: Uint8Array): void;
}

/** Packet types, the upper half of the first byte (MQTT 3.1.1 §2.2.1). */
const CONNECT = 1;
const CONNACK = 2;
const PUBLISH = 3;
const PUBACK = 4;
const SUBSCRIBE = 8;
const SUBACK = 9;
const DISCONNECT = 14;

/** Counts what goes over the air. */
export class AirMeter {
  readonly bytes: AirBytes = { results: 0, puback: 0, status: 0, down: 0, connect: 0, subscribe: 0, ping: 0 };
  /** PUBLISH packets of results. */
  messages = 0;

  /** Begins a connection: what was left of a packet in another is not continued. */
  connection(): MeteredConnection {
    const up = new PacketSplitter((first, head, size) => this.#count(kindSent(first, head), size));
    const down = new PacketSplitter((first, _head, size) => this.#count(kindOf(first), size));
    return { sent: (bytes) => up.take(bytes), received: (bytes) => down.take(bytes) };
  }

  #count(kind: keyof AirBytes, size: number): void {
    this.bytes[kind] += size;
    if (kind === "results") this.messages++;
  }
}

function kindSent(first: number, head: Uint8Array): keyof AirBytes {
  if (first >> 4 !== PUBLISH) return kindOf(first);
  const topic = Buffer.from(head.subarray(2, 2 + ((head[0]! << 8) | head[1]!))).toString("latin1");
  if (topic.endsWith(`/${RESULTS.name}`)) return "results";
  if (topic.endsWith(`/${STATUS.name}`)) return "status";
  throw new RangeError(`a device published to ${topic}`);
}

function kindOf(first: number): keyof AirBytes {
  switch (first >> 4) {
    case CONNECT:
    case CONNACK:
    case DISCONNECT:
      return "connect";
    case PUBLISH:
      return "down";
    case PUBACK:
      return "puback";
    case SUBSCRIBE:
    case SUBACK:
      return "subscribe";
    default:
      return "ping";
  }
}
