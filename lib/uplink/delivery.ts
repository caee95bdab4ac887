import type { Priority } from "../outbox/outbox.js";

/** What makes a record delivered: the broker's PUBACK, or the collector's own `ack` message. */
export const enum AckMode {
  PUBACK = 0,
  COLLECTOR = 1,
}

/** What is under way of one priority class: a message at a time, always from the oldest record on. */
export interface Delivery {
  readonly priority: Priority;
  /** Token of the message under way, and the sequence of its last record: 0 where none is. */
  token: number;
  lastSequence: number;
  /** When it was sent, or the connection opened that it is sent in again. */
  sentMs: number;
  /** When the oldest record that waits must go, be its message full or not. */
  dueMs: number;
}
