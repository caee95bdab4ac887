import type { ErrorCode } from "../core/error-code.js";

/** Pins and clock of an I2C bus, by the names of the board's firmware (boards/). */
export interface I2cBus {
  readonly name: string;
  readonly sda: string;
  readonly scl: string;
  readonly busHz: number;
}

/**
 * Master of an I2C bus. Addresses have 7 bits. Each call is a transfer of its own, from START to STOP.
 * Both return OK, BUS_NO_ACK (no part answers there, or it is busy), BUS_STUCK (a line is held low), BUS_TIMEOUT (the bus
 * did not become free: also what engines call a stuck one), or BUS_FAILED. They never throw. Engines that are deaf to a
 * missing acknowledgement return OK, with ones for data: what matters needs a checksum or an id.
 */
export interface I2c {
  /** Sends all of `bytes`, one at least. */
  write(address: number, bytes: Uint8Array): ErrorCode;
  /** Fills all of `into`, which is undefined after a failure. */
  read(address: number, into: Uint8Array): ErrorCode;
}
