import type { GuestHost } from "../guest/guest.js";
import type { Wiring } from "../parts/wiring.js";

/** The functions of one boot by which its code reaches what is wired to the device. */
export type BusCalls = Pick<
  GuestHost,
  | "i2cWrite"
  | "i2cRead"
  | "spiSend"
  | "uartWrite"
  | "oneWireReset"
  | "oneWireWrite"
  | "oneWireRead"
  | "analogRead"
  | "pinWrite"
>;

export interface BusCircumstances {
  readonly wiring: Wiring;
  /** Milliseconds of the run, by the device. */
  nowMs(): number;
  /** The interpreter stands still. */
  block(durationMs: number): void;
  /** Calls an entry of the guest, later. */
  deliver(delayMs: number, entry: string, ...values: (string | ArrayBuffer)[]): void;
}

/** How long the ESP32's port waits for a bus that is held (targets/esp32/jshardwareI2c.c, i2c_master_cmd_begin). */
const STUCK_MS = 1000;
/** A byte at 9600 bits per second, near enough. */
const UART_BYTE_MS = 1;

export function busCalls({ wiring, nowMs, block, deliver }: BusCircumstances): BusCalls {
  const buffer = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer;
  /** When each serial line has sent all that it was given. */
  const sentMs = new Map<string, number>();
  const waited = <Outcome extends string>(outcome: Outcome): Outcome => {
    if (outcome === "stuck") block(STUCK_MS);
    return outcome;
  };
  return {
    i2cWrite: (bus, address, bytes) => waited(wiring.i2cWrite(bus, address, new Uint8Array(bytes), nowMs())),
    i2cRead: (bus, address, count) => {
      const into = new Uint8Array(count);
      const outcome = waited(wiring.i2cRead(bus, address, into, nowMs()));
      return outcome === "ok" ? buffer(into) : outcome;
    },
    spiSend: (bus, select, bytes) => buffer(wiring.spi(bus, select, new Uint8Array(bytes))),
    uartWrite: (bus, bytes) => {
      const doneMs = Math.max(nowMs(), sentMs.get(bus) ?? 0) + bytes.byteLength * UART_BYTE_MS;
      sentMs.set(bus, doneMs);
      if (wiring.isLoopback(bus)) deliver(doneMs - nowMs(), "uartData", bus, bytes);
    },
    oneWireReset: (pin) => wiring.oneWireReset(pin, nowMs()),
    oneWireWrite: (pin, bytes, keepPower) => wiring.oneWireWrite(pin, new Uint8Array(bytes), keepPower, nowMs()),
    oneWireRead: (pin, count) => {
      const into = new Uint8Array(count);
      wiring.oneWireRead(pin, into, nowMs());
      return buffer(into);
    },
    analogRead: (pin) => wiring.analog(pin, nowMs()),
    pinWrite: (pin, isHigh) => wiring.setPin(pin, isHigh),
  };
}
