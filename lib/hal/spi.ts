import type { ErrorCode } from "../core/error-code.js";

/** Pins and clock of an SPI bus, by the names of the board's firmware (boards/). */
export interface SpiBus {
  readonly name: string;
  readonly mosi: string;
  readonly miso: string;
  readonly sck: string;
  readonly busHz: number;
}

/** One part on an SPI bus: mode 0, eight bits, most significant first. */
export interface Spi {
  /**
   * Selects the part, sends all of `bytes` and takes as many into `into`. Nothing on the bus tells whether a part is
   * there. Returns OK or BUS_FAILED; never throws.
   */
  transfer(bytes: Uint8Array, into: Uint8Array): ErrorCode;
}
