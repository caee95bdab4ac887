/** Pins and speed of a UART, by the names of the board's firmware (boards/). */
export interface UartBus {
  readonly name: string;
  readonly tx: string;
  readonly rx: string;
  /** Bits per second. */
  readonly busHz: number;
}

/** A serial line: eight bits, no parity, one stop bit. Nothing acknowledges, and nothing stops a fast sender. */
export interface Uart {
  /**
   * Sets the line up. `onData` hears what arrives, in pieces of any size; `bytes` is valid during the call only. Throws a
   * DeviceError (BUS_FAILED) where the board has no such line.
   */
  open(onData: (bytes: Uint8Array) => void): void;
  /** Sends all of `bytes`; blocks while the engine's buffer is full. */
  write(bytes: Uint8Array): void;
  /** Nothing is heard any more. */
  close(): void;
}
