import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import type { Qos } from "../../../lib/hal/messenger.js";
import { brokerAddress, brokerRefusedLogin, brokerRefusedTopics, brokerUnreachable } from "../../errors/fleet.js";
import { parseTopic, upTopics } from "../messages/message.js";
import type { Delivery } from "./collector.js";
import { DeferredPubacks } from "./deferred-pubacks.js";

const CLIENT_ID = "sertao-collector";
const KEEP_ALIVE_SEC = 60;
const CONNECT_TIMEOUT_MS = 10_000;
const RECONNECT_MS = 1000;
/** CONNACK codes of a refused login: identifier, user or password, not authorised (MQTT 3.1.1 §3.2.2.3). */
const LOGIN_CODES = new Set([2, 4, 5]);
const REFUSED = 128;
/** Messages under way to the disk at once. Brokers send fewer before they wait for PUBACK: Mosquitto 20. */
const MAX_UNCOMMITTED = 64;
const PROTOCOLS = new Set(["mqtt:", "mqtts:", "ws:", "wss:"]);

/** What the link to another broker asks of the fleet, and tells it. */
export interface ExternalHooks {
  /** Resolves when the delivery is committed: PUBACK to the broker follows. */
  receive(delivery: Delivery): Promise<void>;
  /** @param isSessionKept false where the broker has forgotten the collector, and perhaps more */
  connected(isSessionKept: boolean): void;
  disconnected(): void;
}

/** A collector's session with a broker of its own: persistent, QoS 1, PUBACK after the commit. */
export class ExternalBroker {
  readonly #client: MqttClient;
  readonly #hooks: ExternalHooks;
  readonly #address: string;

  /** @throws SertaoError BROKER_ADDRESS */
  constructor(url: string, hooks: ExternalHooks) {
    this.#address = brokerName(url);
    this.#hooks = hooks;
    const client = mqtt.connect(url, sessionOptions());
    this.#client = client;
    const pubacks = new DeferredPubacks(client, MAX_UNCOMMITTED);
    client.handleMessage = (packet, done) => {
      const { messageId, topic, payload, retain } = packet;
      const place = parseTopic(topic);
      if (place === undefined) return done();
      const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
      const committed = hooks.receive({ ...place, payload: bytes, retained: retain });
      pubacks.handle(messageId, committed, done);
    };
  }

  /**
   * Resolves when the collector hears what devices publish. What a persistent session kept arrives before.
   * @throws SertaoError BROKER_UNREACHABLE, BROKER_REFUSED_LOGIN, BROKER_REFUSED_TOPICS
   */
  async open(): Promise<void> {
    const client = this.#client;
    try {
      await firstConnection(client, this.#address);
      await this.#subscribe();
    } catch (error) {
      client.end(true);
      throw error;
    }
    client.on("error", () => undefined);
    client.on("connect", ({ sessionPresent }) => this.#hooks.connected(sessionPresent));
    client.on("close", () => this.#hooks.disconnected());
  }

  /**
   * Sends a message down. With QoS 0 it is dropped while the broker is away; with QoS 1 it waits for the broker, and
   * resolves when that has it.
   */
  async publish(topic: string, payload: Uint8Array, qos: Qos, retain: boolean): Promise<void> {
    if (qos > 0 || this.#client.connected)
      await this.#client.publishAsync(topic, Buffer.from(payload), { qos, retain });
  }

  async stop(): Promise<void> {
    // While the broker is away an offer that it never had would be waited for.
    await this.#client.endAsync(!this.#client.connected);
  }

  async #subscribe(): Promise<void> {
    const filters = upTopics.map((topic) => `sertao/v1/+/${topic.name}`);
    const refused = brokerRefusedTopics(this.#address);
    const granted = await this.#client.subscribeAsync(filters, { qos: 1 }).catch(() => {
      throw refused;
    });
    if (granted.length < filters.length || granted.some((grant) => (grant.qos as number) === REFUSED)) throw refused;
    this.#hooks.connected(true);
  }
}

function sessionOptions(): IClientOptions {
  return {
    clientId: CLIENT_ID,
    clean: false,
    keepalive: KEEP_ALIVE_SEC,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: RECONNECT_MS,
    protocolVersion: 4,
  };
}

function firstConnection(client: MqttClient, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error & { code?: unknown }): void => {
      const login = typeof error.code === "number" && LOGIN_CODES.has(error.code);
      reject(login ? brokerRefusedLogin(address, error.message) : brokerUnreachable(address, cause(error)));
    };
    client.once("connect", () => {
      client.removeListener("error", fail);
      client.removeListener("close", closed);
      resolve();
    });
    const closed = (): void => fail(new Error("the connection was closed"));
    client.once("error", fail);
    client.once("close", closed);
  });
}

function cause(error: Error & { code?: unknown }): string {
  return error.message !== "" ? error.message : String(error.code ?? "no reason given");
}

/** Host and port of a broker's URL, without the password. @throws SertaoError BROKER_ADDRESS */
export function brokerName(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !PROTOCOLS.has(parsed.protocol) || parsed.hostname === "")
    throw brokerAddress(redact(url));
  return `${parsed.protocol}//${parsed.host}`;
}

function redact(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//…@");
}
