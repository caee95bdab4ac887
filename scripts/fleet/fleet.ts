import type { Duplex } from "node:stream";
import { ACK, TIME, type Topic, topicPath, UPDATE_BLOCK } from "../../lib/uplink/topics.js";
import { EmbeddedBroker } from "./broker/embedded-broker.js";
import { type Address, Listener, type TlsFiles } from "./broker/listener.js";
import { type ConnectCode, judgeLogin } from "./broker/login.js";
import { Collector, type Delivery } from "./collector/collector.js";
import { ExternalBroker } from "./collector/external-broker.js";
import { Idleness } from "./idleness.js";
import { encodeAck } from "./messages/ack.js";
import { encodeTime } from "./messages/time.js";
import type { DeviceKeys } from "./secrets/device-keys.js";
import type { PasswordFile } from "./secrets/passwords.js";
import type { Store } from "./store/store.js";
import { watchStore } from "./updates/store-watch.js";
import { UpdateHost, type UpdateObserver } from "./updates/update-host.js";

/** Bytes of updates a second: 40 devices get a model of 20 KB in half a minute, and a slow uplink keeps room for results. */
export const UPDATE_BYTES_PER_SECOND = 32_768;

/** What a fleet tells while it runs. */
export interface FleetObserver extends UpdateObserver {
  connected?(device: string): void;
  disconnected?(device: string, reason: string): void;
  /** A login was refused. */
  refused?(client: string, code: ConnectCode): void;
  /** The external broker is there, or gone. */
  brokerUp?(): void;
  brokerDown?(): void;
  /** A commit failed: nothing of it was acknowledged. */
  storeFailed?(error: unknown): void;
  /** The store could not be read for updates: nothing is offered until it can. */
  updatesFailed?(error: unknown): void;
  /** Device keys could not be read: no device is told the time, and none gets a MAC. */
  keysFailed?(error: unknown): void;
}

export interface FleetOptions {
  /** Where results go. The fleet does not close it. */
  readonly store: Store;
  /** The clock, in milliseconds since 1970. With `realTimers` false it may be virtual. */
  readonly now?: () => number;
  /** False where no time-out of the broker may fire (keep-alive, CONNECT, slow readers): a virtual clock. */
  readonly realTimers?: boolean;
  /** TCP address of the embedded broker; absent for in-process streams alone. */
  readonly listen?: Address | undefined;
  readonly tls?: TlsFiles | undefined;
  /** Passwords of devices; absent where any device may connect. */
  readonly passwords?: PasswordFile | undefined;
  /** Keys of devices that are told the time when they ask for it. */
  readonly keys?: DeviceKeys | undefined;
  /** URL of another broker, in place of the embedded one. */
  readonly brokerUrl?: string | undefined;
  /** True to send `ack` messages. Default: with another broker only. */
  readonly sendAcks?: boolean;
  /** Bytes of updates a second, to all devices together. Default: 32,768; with a virtual clock no limit. */
  readonly updateBytesPerSecond?: number | undefined;
  readonly observer?: FleetObserver;
}

/** Counts since the fleet started. */
export interface FleetCounts {
  messages: number;
  stored: number;
  repeats: number;
  conflicts: number;
  refused: number;
  /** Blocks of updates that were sent. */
  blocks: number;
}

/** A broker with its collector. */
export interface Fleet {
  readonly store: Store;
  readonly counts: Readonly<FleetCounts>;
  /** Where the embedded broker listens. */
  readonly address: Address | undefined;
  /** Devices connected to the embedded broker. */
  readonly connections: number;
  /** Serves MQTT over a stream of this process. Destroying the stream is the link going down. */
  attach(stream: Duplex): void;
  /** Sends a message to a device. */
  publish(device: string, topic: Topic, payload: Uint8Array): Promise<void>;
  /** Looks at the store for updates that were published or withdrawn; with real timers that happens by itself. */
  offerUpdates(): Promise<void>;
  /** Jobs under way: above 0 while anything written to an attached stream may still have an effect. */
  pendingJobs(): number;
  /** Resolves when nothing is under way; call it after writing to attached streams, before moving a virtual clock. */
  settled(): Promise<void>;
  /** Ends connections and waits for commits. */
  stop(): Promise<void>;
}

/**
 * Starts a fleet's host side.
 * @throws SertaoError LISTEN_…, PORT_IN_USE, TLS_FILES, BROKER_…
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const running = new RunningFleet(options);
  await running.start();
  return running;
}

class RunningFleet implements Fleet {
  readonly store: Store;
  readonly counts: FleetCounts = { messages: 0, stored: 0, repeats: 0, conflicts: 0, refused: 0, blocks: 0 };
  readonly #options: FleetOptions;
  readonly #now: () => number;
  readonly #collector: Collector;
  readonly #idleness: Idleness;
  readonly #updates: UpdateHost;
  #endWatch = (): void => undefined;
  #jobs = 0;
  #embedded: EmbeddedBroker | undefined;
  #external: ExternalBroker | undefined;
  #listener: Listener | undefined;

  constructor(options: FleetOptions) {
    this.store = options.store;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#idleness = new Idleness(() => this.#jobs);
    const sendAcks = options.sendAcks ?? options.brokerUrl !== undefined;
    this.#collector = new Collector(options.store, {
      now: this.#now,
      sendAck: sendAcks
        ? (device, incarnation, levels) => this.#send(device, ACK, encodeAck(incarnation, levels))
        : undefined,
      tellTime: (device, nonce) => this.#tellTime(device, nonce),
      answerRequest: (device, request) => this.#updates.request(device, request),
      committed: (arrival, outcome) => {
        void this.#job(this.#updates.heard(arrival, outcome));
        this.counts.messages++;
        this.counts.stored += outcome.stored;
        this.counts.repeats += outcome.repeats;
        this.counts.conflicts += outcome.conflicts;
        if (arrival.message.kind === "refused") this.counts.refused++;
      },
    });
    this.#updates = this.#updateHost();
  }

  async start(): Promise<void> {
    const { brokerUrl, listen, tls } = this.#options;
    if (brokerUrl !== undefined) await this.#connect(brokerUrl);
    else this.#embedded = await this.#serve();
    void this.offerUpdates();
    if (this.#options.realTimers ?? true) {
      this.#endWatch = watchStore(this.store.updates, {
        changed: () => void this.offerUpdates(),
        isBehind: () => this.#updates.isBehind,
        failed: (error) => this.#options.observer?.updatesFailed?.(error),
      });
    }
    if (listen === undefined || this.#embedded === undefined) return;
    const broker = this.#embedded;
    try {
      this.#listener = await Listener.open(listen, tls, (socket) => broker.attach(socket));
    } catch (error) {
      this.#endWatch();
      await broker.stop();
      throw error;
    }
  }

  get address(): Address | undefined {
    return this.#listener?.address;
  }

  get connections(): number {
    return this.#embedded?.connections ?? 0;
  }

  attach(stream: Duplex): void {
    this.#idleness.touch();
    this.#embedded?.attach(stream);
  }

  async publish(device: string, topic: Topic, payload: Uint8Array): Promise<void> {
    this.#idleness.touch();
    await this.#external?.publish(topicPath(device, topic.name), payload, topic.qos, topic.retain);
    await this.#embedded?.publish(topicPath(device, topic.name), payload, topic.qos, topic.retain);
  }

  offerUpdates(): Promise<void> {
    return this.#job(this.#updates.sync());
  }

  pendingJobs(): number {
    return this.#idleness.pending();
  }

  settled(): Promise<void> {
    return this.#idleness.settled();
  }

  async stop(): Promise<void> {
    this.#endWatch();
    this.#updates.stop();
    await this.#external?.stop();
    await this.#embedded?.stop();
    await this.#listener?.stop();
    await this.settled();
  }

  #serve(): Promise<EmbeddedBroker> {
    const { observer, passwords } = this.#options;
    return EmbeddedBroker.start(
      {
        now: this.#now,
        judge: (login) => this.#job(judgeLogin(login, passwords)),
        receive: (publication) => this.#receive(publication),
        connected: (device) => {
          this.#idleness.touch();
          observer?.connected?.(device);
        },
        disconnected: (device, reason) => {
          this.#idleness.touch();
          observer?.disconnected?.(device, reason);
        },
        refused: (client, code) => observer?.refused?.(client, code),
        activity: () => this.#idleness.touch(),
      },
      this.#options.realTimers ?? true,
    );
  }

  /** Kept before it opens: what a session kept arrives at once, and its acks go the same way. */
  async #connect(url: string): Promise<void> {
    const { observer } = this.#options;
    this.#external = new ExternalBroker(url, {
      receive: (delivery) => this.#receive(delivery),
      connected: (isSessionKept) => {
        observer?.brokerUp?.();
        if (!isSessionKept) void this.#job(this.#updates.offerAgain());
      },
      disconnected: () => observer?.brokerDown?.(),
    });
    await this.#external.open();
  }

  #updateHost(): UpdateHost {
    const { store, keys, realTimers = true, observer = {} } = this.#options;
    return new UpdateHost({
      store: store.updates,
      keys,
      bytesPerSecond: this.#options.updateBytesPerSecond ?? (realTimers ? UPDATE_BYTES_PER_SECOND : Infinity),
      now: this.#now,
      later: (work, ms) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
      publish: (device, topic, payload) => {
        if (topic === UPDATE_BLOCK) this.counts.blocks++;
        return this.#job(this.publish(device, topic, payload));
      },
      failed: (error) => observer.updatesFailed?.(error),
      observer,
    });
  }

  async #receive(delivery: Delivery): Promise<void> {
    try {
      await this.#job(this.#collector.receive(delivery));
    } catch (error) {
      this.#options.observer?.storeFailed?.(error);
      throw error;
    }
  }

  /** With QoS 0: a message that a broker about to stop does not take is one that was lost on the way. */
  #send(device: string, topic: Topic, payload: Uint8Array): void {
    this.publish(device, topic, payload).catch(() => undefined);
  }

  #tellTime(device: string, nonce: Uint8Array): void {
    const { keys, observer } = this.#options;
    try {
      const key = keys?.find(device);
      if (key !== undefined) this.#send(device, TIME, encodeTime(key, nonce, this.#now()));
    } catch (error) {
      observer?.keysFailed?.(error);
    }
  }

  /** Counts work as under way until it has ended. */
  async #job<T>(work: Promise<T>): Promise<T> {
    this.#jobs++;
    this.#idleness.touch();
    try {
      return await work;
    } finally {
      this.#jobs--;
      this.#idleness.touch();
    }
  }
}
