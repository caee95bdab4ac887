// Made by the build for each application and board (scripts/bundle).
declare module "sertao:build" {
  /** Name in sertao.json. */
  export const application: string;
  /** Version in sertao.json. */
  export const version: string;
  /** Id of the board built for. */
  export const board: string;
  /** Version of Sertão. */
  export const runtime: string;
  /** Where the firmware keeps its files. */
  export const storage: { readonly address: number; readonly pageBytes: number; readonly pages: number };
  /** Where settings and outbox lie; of a board that has pages for them. */
  export const freePages: { readonly address: number; readonly pageBytes: number; readonly pages: number };
  // Buses and free pins of the board, by their names there. These are an ESP32's; of the board that is built for, there
  // are those that its file lists, and an application that asks for another does not compile.
  export const I2C1: import("../../lib/hal/i2c.js").I2cBus;
  export const SPI1: import("../../lib/hal/spi.js").SpiBus;
  export const Serial2: import("../../lib/hal/uart.js").UartBus;
  export const D4: string;
  export const D5: string;
  export const D13: string;
  export const D14: string;
  export const D25: string;
  export const D26: string;
  export const D27: string;
  export const D32: string;
  export const D33: string;
  export const D34: string;
  export const D35: string;
  export const D36: string;
  export const D39: string;
}
