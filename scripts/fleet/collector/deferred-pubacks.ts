import type { MqttClient } from "mqtt";

interface Packet {
  readonly cmd: string;
  readonly messageId?: number;
}

type Send = (packet: Packet, done?: (error?: Error) => void, ...more: unknown[]) => void;

/**
 * Lets a client of mqtt.js take the next messages while the last are being committed, so that they share a commit: by
 * itself it reads on only when it has sent the PUBACK of a message. Each PUBACK waits for its commit and for those before it
 * [MQTT-4.6.0-2].
 */
export class DeferredPubacks {
  readonly #client: MqttClient;
  readonly #most: number;
  readonly #send: Send;
  readonly #waiting = new Map<number, Promise<void>>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param most messages that may wait at once */
  constructor(client: MqttClient, most: number) {
    this.#client = client;
    this.#most = most;
    this.#send = client["_sendPacket"].bind(client) as Send;
    (client as unknown as { _sendPacket: Send })["_sendPacket"] = (...call) => this.#pass(...call);
  }

  /**
   * Takes a message.
   * @param messageId undefined for QoS 0
   * @param committed resolves when PUBACK may be sent; rejecting ends the connection: the broker delivers it again to this
   *   session, in its order
   * @param readOn what mqtt.js gave: it sends PUBACK, and reads the next message
   */
  handle(messageId: number | undefined, committed: Promise<void>, readOn: () => void): void {
    const { stream } = this.#client;
    committed.catch(() => stream.destroy());
    if (messageId === undefined) return readOn();
    this.#waiting.set(messageId, committed);
    if (this.#waiting.size < this.#most) readOn();
    else void committed.then(readOn, () => undefined);
  }

  #pass(...call: Parameters<Send>): void {
    const [{ cmd, messageId }, done] = call;
    const committed = cmd === "puback" ? this.#waiting.get(messageId!) : undefined;
    if (committed === undefined) return this.#send(...call);
    const { stream } = this.#client;
    this.#last = this.#last
      .then(() => committed)
      .then(() => {
        // Of another connection nobody waits for it: there the message comes again.
        if (this.#client.connected && this.#client.stream === stream && !stream.destroyed)
          this.#send({ cmd, messageId: messageId! });
      })
      .catch(() => undefined)
      .finally(() => this.#waiting.delete(messageId!));
    done?.();
  }
}
