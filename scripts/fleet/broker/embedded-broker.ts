import type { Duplex } from "node:stream";
import { Aedes, type AuthenticateError, type Client, type PublishPacket, type Subscription } from "aedes";
import { RESULTS } from "../../../lib/uplink/topics.js";
import { parseTopic, upTopics } from "../messages/message.js";
import { mayUse } from "./access.js";
import { GuardedConnection } from "./guarded-connection.js";
import { ConnectCode, type Login } from "./login.js";

/** Longest topic of a device and its packet id, before the payload. */
const TOPIC_BYTES = 64;
const MAX_PACKET_BYTES = RESULTS.maxBytes + TOPIC_BYTES;
const CONNECT_TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 60_000;
const DRAIN_TIMEOUT_MS = 60_000;
/** A device subscribes to at most its down topics. */
const MAX_SUBSCRIPTIONS = 16;
/** From the first packet id of a connection to that of the next. */
const ID_STEP = 257;
/** Node's longest timer; aedes multiplies its heartbeat by four. */
const NEVER_MS = 0x7fffffff;

/** A publication on its way to the collector. */
export interface Publication {
  readonly device: string;
  /** Topic below `sertao/v1/<device>/`. */
  readonly name: string;
  readonly payload: Uint8Array;
  /** When the connection began; undefined for a will, which the device did not send now. */
  readonly connectedAt?: number;
}

/** What the broker asks of the fleet, and tells it. */
export interface BrokerHooks {
  judge(login: Login): Promise<ConnectCode>;
  /** Resolves when the publication is committed: PUBACK follows. Rejecting closes the connection without it. */
  receive(publication: Publication): Promise<void>;
  connected(device: string): void;
  disconnected(device: string, reason: string): void;
  refused(client: string, code: ConnectCode): void;
  activity(): void;
  now(): number;
}

/**
 * aedes with the rules of docs/protocol.md. `realTimers` false leaves out keep-alive and every time-out, for a virtual
 * clock.
 */
export class EmbeddedBroker {
  readonly #aedes: Aedes;
  readonly #hooks: BrokerHooks;
  readonly #connectedAt = new WeakMap<Client, number>();
  readonly #endings = new WeakMap<Client, string>();

  readonly #realTimers: boolean;
  #attached = 0;

  private constructor(aedes: Aedes, hooks: BrokerHooks, realTimers: boolean) {
    this.#aedes = aedes;
    this.#hooks = hooks;
    this.#realTimers = realTimers;
    aedes.preConnect = (_client, packet, done) => {
      if (!realTimers) packet.keepalive = 0;
      done(null, true);
    };
    aedes.authenticate = (client, user, password, done) => {
      void this.#authenticate(client, { clientId: client.id, user, password }).then(
        (code) => (code === ConnectCode.ACCEPTED ? done(null, true) : done(refusal(code), false)),
        () => done(refusal(ConnectCode.SERVER_UNAVAILABLE), false),
      );
    };
    aedes.authorizePublish = (client, packet, done) => this.#publish(client, packet, done);
    aedes.authorizeSubscribe = (client, subscription, done) => done(null, this.#subscription(client, subscription));
    this.#report();
  }

  static async start(hooks: BrokerHooks, realTimers: boolean): Promise<EmbeddedBroker> {
    const aedes = await Aedes.createBroker({
      connectTimeout: realTimers ? CONNECT_TIMEOUT_MS : NEVER_MS,
      heartbeatInterval: realTimers ? HEARTBEAT_MS : Math.floor(NEVER_MS / 4),
      drainTimeout: realTimers ? DRAIN_TIMEOUT_MS : 0,
    });
    return new EmbeddedBroker(aedes, hooks, realTimers);
  }

  get connections(): number {
    return this.#aedes.connectedClients;
  }

  /** Serves MQTT over a stream. */
  attach(stream: Duplex): void {
    const client = this.#aedes.handle(new GuardedConnection(stream, MAX_PACKET_BYTES, this.#hooks));
    // aedes (pinned) draws a connection's first packet id at random: a run in virtual time must be the same twice.
    if (!this.#realTimers) Object.assign(client, { _nextId: 1 + ((this.#attached++ * ID_STEP) % 65535) });
  }

  /** Sends a message down. */
  publish(topic: string, payload: Uint8Array, qos: 0 | 1, retain: boolean): Promise<void> {
    const packet: PublishPacket = { cmd: "publish", topic, payload: Buffer.from(payload), qos, retain, dup: false };
    return new Promise((resolve, reject) => {
      this.#aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends every connection, which publishes their wills, then the broker. */
  stop(): Promise<void> {
    return new Promise((resolve) => this.#aedes.close(resolve));
  }

  async #authenticate(client: Client, login: Login): Promise<ConnectCode> {
    const code = await this.#hooks.judge(login);
    if (code === ConnectCode.ACCEPTED) this.#connectedAt.set(client, this.#hooks.now());
    else this.#hooks.refused(login.clientId, code);
    return code;
  }

  #publish(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void {
    this.#hooks.activity();
    if (client === null || !mayUse(client.id, packet.topic)) return done(new Error("not this device's topic"));
    const name = parseTopic(packet.topic)?.name ?? "";
    if (!upTopics.some((topic) => topic.name === name)) {
      // A topic of a later version: acknowledged, not kept, so that nothing unknown fills the memory.
      packet.retain = false;
      return done(null);
    }
    const connectedAt = client.closed ? undefined : this.#connectedAt.get(client);
    const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
    this.#hooks
      .receive({ device: client.id, name, payload, ...(connectedAt === undefined ? {} : { connectedAt }) })
      .then(
        () => done(null),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
  }

  #subscription(client: Client, subscription: Subscription): Subscription | null {
    this.#hooks.activity();
    const known = Object.keys((client as Client & { subscriptions: object }).subscriptions).length;
    return known < MAX_SUBSCRIPTIONS && mayUse(client.id, subscription.topic) ? subscription : null;
  }

  #report(): void {
    const broker = this.#aedes;
    broker.on("client", (client) => this.#hooks.connected(client.id));
    broker.on("keepaliveTimeout", (client) => this.#endings.set(client, "keep-alive time-out"));
    broker.on("clientError", (client, error) => {
      if (!this.#endings.has(client)) this.#endings.set(client, error.message);
    });
    broker.on("clientDisconnect", (client) => {
      this.#hooks.disconnected(client.id, this.#endings.get(client) ?? "closed");
    });
    broker.on("connectionError", () => this.#hooks.activity());
    // Persistence in memory has no failures to report; without a listener an error event would end the process.
    (broker as NodeJS.EventEmitter).on("error", () => undefined);
  }
}

function refusal(returnCode: ConnectCode): AuthenticateError {
  return Object.assign(new Error(`refused (${returnCode})`), { returnCode: returnCode as number });
}
