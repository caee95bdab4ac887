import type { MessageHandler, Qos } from "../hal/messenger.js";

/** A topic that this client wants, and who hears what arrives on it. */
export interface Subscription {
  readonly _filter: string;
  readonly _qos: Qos;
  readonly _handler: MessageHandler;
}

/** Hands a message to those who asked for its topic. A handler that throws disturbs nobody. */
export function deliver(all: Subscription[], topic: string, bytes: Uint8Array, at: number, end: number): void {
  for (let i = 0; i < all.length; i++) {
    try {
      if (all[i]!._filter === topic) all[i]!._handler(topic, bytes, at, end);
    } catch (_) {
      // Its message counts as received: it would come again for ever.
    }
  }
}
