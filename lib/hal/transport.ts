/** What a connection tells its owner. Called from the platform's loop, never from within `open`, `write` or `close`. */
export interface ConnectionEvents {
  onOpen(): void;
  /** `bytes` is valid during the call only; it may hold any piece of the stream, one byte included. */
  onData(bytes: Uint8Array): void;
  /** What was written last has left the device: the next write may follow. */
  onDrain(): void;
  /** The connection is over, for whatever reason; exactly once, and nothing follows. Not called after `close()`. */
  onClose(): void;
}

/** One byte stream to a broker. */
export interface Connection {
  /**
   * Hands over bytes; the caller may reuse the buffer at once. At most one write may be outstanding: wait for
   * `onDrain`, because the engines buffer without bound.
   */
  write(bytes: Uint8Array, length: number): void;
  /** Ends the connection; no event follows. */
  close(): void;
}

/** Opens connections. Failures never throw: they arrive as `onClose`. */
export interface Transport {
  open(host: string, port: number, events: ConnectionEvents): Connection;
}
