import type { ErrorCode } from "../../lib/core/error-code.js";
import type { Transport } from "../../lib/hal/transport.js";
import { MqttClient } from "../../lib/mqtt/client.js";
import type { MqttOptions } from "../../lib/mqtt/options.js";
import { OPTIONS } from "./options.js";
import { NodeTransport } from "../support/brokers/node-transport.js";
import { RealClock } from "../support/brokers/real-clock.js";

/** The client on real sockets and real time, impatient, and everything it told its listener. */
export class Device {
  readonly clock = new RealClock();
  readonly client: MqttClient;
  readonly connected: boolean[] = [];
  readonly closed: ErrorCode[] = [];
  readonly published: number[] = [];
  readonly refused: string[] = [];
  readonly heard: string[] = [];
  #queue: string[] = [];
  #topic = "";

  constructor(
    port: number,
    clientId: string,
    options: Partial<MqttOptions> = {},
    transport: Transport = new NodeTransport(),
  ) {
    const patience = { timeoutMs: 3000, retry: { minMs: 5, maxMs: 50 } };
    const all = { ...OPTIONS, host: "127.0.0.1", port, clientId, username: clientId, ...patience, ...options };
    this.client = new MqttClient(transport, this.clock, all, {
      onConnected: (sessionPresent) => {
        this.connected.push(sessionPresent);
        this.#feed();
      },
      onClosed: (code) => this.closed.push(code),
      onPublished: (token) => {
        this.published.push(token);
        this.#feed();
      },
      onSubscribeRefused: (filter) => this.refused.push(filter),
    });
  }

  subscribe(filter: string, qos: 0 | 1): this {
    this.client.subscribe(filter, qos, (topic, payload, start, end) => {
      this.heard.push(`${topic} ${Buffer.from(payload.subarray(start, end)).toString()}`);
    });
    return this;
  }

  /** Sends these texts with QoS 1, in order, as the window allows and over any number of connections. */
  send(topic: string, texts: readonly string[]): void {
    this.#topic = topic;
    this.#queue.push(...texts);
    this.#feed();
  }

  stop(): void {
    this.client.stop();
    this.clock.stop();
  }

  #feed(): void {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const bytes = Uint8Array.from(Buffer.from(next));
      if (this.client.publish(this.#topic, bytes, bytes.length, 1, false) < 0) return;
      this.#queue.shift();
    }
  }
}

/** Waits until `done` holds. Fails after 20 s, saying what for. */
export async function until(what: string, done: () => boolean): Promise<void> {
  const from = performance.now();
  while (!done()) {
    if (performance.now() - from > 20_000) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
