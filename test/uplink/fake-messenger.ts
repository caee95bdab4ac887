import type { MessageHandler, Messenger, Qos } from "../../lib/hal/messenger.js";

export interface Published {
  token: number;
  topic: string;
  payload: Uint8Array;
  qos: Qos;
  retain: boolean;
}

/** A messenger that keeps what it is given, with a window like the client's. */
export class FakeMessenger implements Messenger {
  online = false;
  window = 4;
  readonly published: Published[] = [];
  readonly inFlight = new Set<number>();
  readonly handlers = new Map<string, MessageHandler>();
  #token = 0;

  connected(): boolean {
    return this.online;
  }

  publish(topic: string, payload: Uint8Array, length: number, qos: Qos, retain: boolean): number {
    if (!this.online) return -314;
    if (qos === 1 && this.inFlight.size >= this.window) return -315;
    const token = qos === 1 ? ++this.#token : 0;
    if (token) this.inFlight.add(token);
    this.published.push({ token, topic, payload: payload.slice(0, length), qos, retain });
    return token;
  }

  subscribe(filter: string, _qos: Qos, handler: MessageHandler): void {
    this.handlers.set(filter, handler);
  }

  receive(topic: string, payload: Uint8Array): void {
    this.handlers.get(topic)?.(topic, payload, 0, payload.length);
  }
}
