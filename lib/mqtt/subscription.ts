import type { MessageHandler, Qos } from "../hal/messenger.js";

/** A topic that this client wants, and who hears what arrives on it. */
export interface Subscription {
  readonly _filter: string;
  readonly _qos: Qos;
  readonly _handler: MessageHandler;
}
