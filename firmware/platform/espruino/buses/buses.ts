import type { AnalogInput } from "../../../../lib/hal/analog-input.js";
import type { DigitalOutput } from "../../../../lib/hal/digital-output.js";
import type { I2c, I2cBus } from "../../../../lib/hal/i2c.js";
import type { OneWire } from "../../../../lib/hal/one-wire.js";
import type { PulseCounter } from "../../../../lib/hal/pulse-counter.js";
import type { Spi, SpiBus } from "../../../../lib/hal/spi.js";
import type { Uart, UartBus } from "../../../../lib/hal/uart.js";
import { EspruinoAnalogInput } from "./analog-input.js";
import { EspruinoDigitalOutput } from "./digital-output.js";
import { EspruinoI2c } from "./i2c.js";
import { EspruinoOneWire } from "./one-wire.js";
import { EspruinoPulseCounter } from "./pulse-counter.js";
import { EspruinoSpi } from "./spi.js";
import { EspruinoUart } from "./uart.js";

// `sertao:buses` on Espruino. Buses and pins are those of `sertao:build`. Nothing is set up before its first use.

/** Make one for each bus and hand it to all drivers of parts on it. */
export function i2c(bus: I2cBus): I2c {
  return new EspruinoI2c(bus);
}

export function spi(bus: SpiBus, selectPin: string): Spi {
  return new EspruinoSpi(bus, selectPin);
}

export function uart(bus: UartBus): Uart {
  return new EspruinoUart(bus);
}

export function oneWire(pin: string): OneWire {
  return new EspruinoOneWire(pin);
}

export function analogInput(pin: string): AnalogInput {
  return new EspruinoAnalogInput(pin);
}

export function pulseCounter(pin: string): PulseCounter {
  return new EspruinoPulseCounter(pin);
}

export function digitalOutput(pin: string): DigitalOutput {
  return new EspruinoDigitalOutput(pin);
}
