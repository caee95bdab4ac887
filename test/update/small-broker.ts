import { connack, packetsOf, publish, puback, suback, type Packet } from "../mqtt/packets.js";

/** What arrives on a topic, and what the broker sends back for it. */
export type OnPublish = (topic: string, payload: Uint8Array) => readonly (readonly [string, Uint8Array])[];

/**
 * The least that a device needs of a broker: one session that lasts, retained messages on SUBSCRIBE, PUBACK, QoS 0 to who
 * is connected. Answers at once, so that a run depends on the link alone.
 */
export class SmallBroker {
  readonly retained = new Map<string, Uint8Array>();
  #hasSession = false;

  constructor(private readonly onPublish: OnPublish) {}

  /** A connection. @returns hears what the device sends */
  attach(send: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
    let unread: number[] = [];
    return (bytes) => {
      unread.push(...bytes);
      const whole = wholePackets(unread);
      const packets = packetsOf(unread.slice(0, whole));
      unread = unread.slice(whole);
      for (const one of packets) for (const answer of this.#answer(one)) send(Uint8Array.from(answer));
    };
  }

  #answer({ first, body }: Packet): number[][] {
    switch (first >> 4) {
      case 1: {
        const answer = connack(this.#hasSession);
        this.#hasSession = true;
        return [answer];
      }
      case 3:
        return this.#published(first, body);
      case 8: {
        const topic = Buffer.from(body.slice(4, -1)).toString("latin1");
        const message = this.retained.get(topic);
        const qos = body.at(-1)!;
        return [suback(qos), ...(message ? [publish(topic, message, { qos, retain: true, id: 1 })] : [])];
      }
      case 12:
        return [[0xd0, 0]];
      default:
        return [];
    }
  }

  #published(first: number, body: number[]): number[][] {
    const qos = (first >> 1) & 3;
    const topicEnd = 2 + body[0]! * 256 + body[1]!;
    const topic = Buffer.from(body.slice(2, topicEnd)).toString("latin1");
    const payload = Uint8Array.from(body.slice(topicEnd + (qos ? 2 : 0)));
    const answers = this.onPublish(topic, payload).map(([name, bytes]) => publish(name, bytes));
    return qos ? [puback(body[topicEnd]! * 256 + body[topicEnd + 1]!), ...answers] : answers;
  }
}

/** How many bytes the whole packets at the front take. */
function wholePackets(bytes: readonly number[]): number {
  for (let at = 0; ;) {
    let length = 0;
    let next = at + 1;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[next++];
      if (byte === undefined) return at;
      length += (byte & 127) * scale;
      if (byte < 128) break;
    }
    if (next + length > bytes.length) return at;
    at = next + length;
  }
}
