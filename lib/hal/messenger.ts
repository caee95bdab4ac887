/** Quality of service: 0 at most once, 1 at least once. */
export type Qos = 0 | 1;

/** Hears what arrives on the topics it asked for. `payload` is valid during the call only. */
export type MessageHandler = (topic: string, payload: Uint8Array, start: number, end: number) => void;

/** Sends and receives messages: what update and uplink need of MQTT. */
export interface Messenger {
  /** True between an accepted connection and its end. */
  connected(): boolean;
  /**
   * Publishes `length` bytes of `payload` (copied).
   * @returns for QoS 1 a token above 0 that `onPublished` repeats when the receiver has it; for QoS 0 zero;
   *   below zero the negated ErrorCode, and nothing was sent
   */
  publish(topic: string, payload: Uint8Array, length: number, qos: Qos, retain: boolean): number;
  /** Asks for a topic now and after every reconnection to a broker that has forgotten it. */
  subscribe(filter: string, qos: Qos, handler: MessageHandler): void;
}
