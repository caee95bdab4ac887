import { ErrorCode } from "../../../lib/core/error-code.js";
import type { AnalogInput } from "../../../lib/hal/analog-input.js";
import type { Clock } from "../../../lib/hal/clock.js";
import type { I2c } from "../../../lib/hal/i2c.js";
import type { OneWire } from "../../../lib/hal/one-wire.js";
import type { PulseCounter } from "../../../lib/hal/pulse-counter.js";
import type { ContactModel } from "../../../scripts/simulate/parts/contact.js";
import type { World } from "../../../scripts/simulate/parts/fault.js";
import type { I2cOutcome, I2cWire } from "../../../scripts/simulate/parts/i2c-wire.js";
import type { OneWireLine } from "../../../scripts/simulate/parts/one-wire-line.js";
import type { VoltageModel } from "../../../scripts/simulate/parts/voltage.js";

/** A world that a test writes into. */
export function worldOf(values: Record<string, number>): World & { values: Record<string, number> } {
  return { values, read: (channel) => values[channel] ?? NaN };
}

/** Buses over the parts' models, without any engine between. */
export const i2cOver = (wire: I2cWire, clock: Clock): I2c => ({
  write: (address, bytes) => codeOf(wire.write(address, bytes, clock.nowMs())),
  read: (address, into) => codeOf(wire.read(address, into, clock.nowMs())),
});

export const oneWireOver = (line: OneWireLine, clock: Clock): OneWire => ({
  reset: () => line.reset(clock.nowMs()),
  write: (bytes, keepPower) => line.write(bytes, keepPower, clock.nowMs()),
  read: (into) => line.read(into, clock.nowMs()),
});

export const analogOver = (model: VoltageModel, clock: Clock): AnalogInput => ({
  read: () => model.read(clock.nowMs()),
});

/** Counts closures, bounces too unless they are waited for. */
export function counterOver(model: ContactModel, clock: Clock): PulseCounter & { isOpen: boolean; lost: boolean } {
  let waitMs = 0;
  const counter = {
    isOpen: false,
    lost: false,
    open: (debounceMs: number) => {
      waitMs = debounceMs;
      counter.isOpen = true;
      model.closures(clock.nowMs());
    },
    take: () => {
      const { bounces, bounceMs } = model;
      const each = waitMs > bounceMs ? 1 : 1 + bounces;
      const count = model.closures(clock.nowMs()).reduce((sum, closures) => sum + closures.count * each, 0);
      const known = counter.isOpen && !counter.lost;
      counter.lost = false;
      return known ? count : NaN;
    },
    close: () => {
      counter.isOpen = false;
    },
  };
  return counter;
}

function codeOf(outcome: I2cOutcome): ErrorCode {
  if (outcome === "ok") return ErrorCode.OK;
  return outcome === "nack" ? ErrorCode.BUS_NO_ACK : ErrorCode.BUS_STUCK;
}
