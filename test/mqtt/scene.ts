import type { ErrorCode } from "../../lib/core/error-code.js";
import { MqttClient } from "../../lib/mqtt/client.js";
import type { MqttOptions } from "../../lib/mqtt/options.js";
import { FakeClock } from "./fake-clock.js";
import { FakeTransport, type FakeConnection } from "./fake-transport.js";
import { OPTIONS } from "./options.js";
import { connack, packetsOf, type Packet } from "./packets.js";

/** A client on a fake transport and clock, and everything it told its listener. */
export class Scene {
  readonly clock = new FakeClock();
  readonly transport = new FakeTransport();
  readonly connected: boolean[] = [];
  readonly closed: ErrorCode[] = [];
  readonly published: number[] = [];
  readonly refused: string[] = [];
  readonly client: MqttClient;
  onConnected: () => void = () => undefined;
  onPublished: (token: number) => void = () => undefined;
  #seen = 0;

  constructor(options: Partial<MqttOptions> = {}) {
    this.client = new MqttClient(
      this.transport,
      this.clock,
      { ...OPTIONS, ...options },
      {
        onConnected: (sessionPresent) => {
          this.connected.push(sessionPresent);
          this.onConnected();
        },
        onClosed: (code) => this.closed.push(code),
        onPublished: (token) => {
          this.published.push(token);
          this.onPublished(token);
        },
        onSubscribeRefused: (filter) => this.refused.push(filter),
      },
    );
  }

  get link(): FakeConnection {
    return this.transport.last;
  }

  /** Starts the client where needed and plays the broker's part up to an accepted connection. */
  connect(sessionPresent = false): this {
    if (this.transport.connections.length === 0) this.client.start();
    this.link.open();
    this.#seen = 0;
    const first = this.take().map((one) => one.first);
    if (first.length !== 1 || first[0] !== 0x10) throw new Error(`the client began with ${first.join()}`);
    this.link.data(connack(sessionPresent));
    return this;
  }

  /** Lets the wait between attempts pass and connects again. */
  reconnect(sessionPresent = true): this {
    const before = this.transport.connections.length;
    while (this.transport.connections.length === before)
      this.clock.advance(Math.max(1, this.clock.nextAt - this.clock.now));
    return this.connect(sessionPresent);
  }

  /** Packets that the client wrote since the last call; drains until it writes no more. */
  take(): Packet[] {
    while (this.link.outstanding > 0 && !this.link.closed) this.link.drain();
    const fresh = this.link.written.slice(this.#seen);
    this.#seen = this.link.written.length;
    return packetsOf(fresh);
  }

  publish(payload: string, qos: 0 | 1 = 1, topic = "a/b"): number {
    const bytes = Uint8Array.from(Buffer.from(payload));
    return this.client.publish(topic, bytes, bytes.length, qos, false);
  }
}
