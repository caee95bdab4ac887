import type { SeededRandom } from "../readings/seeded-random.js";
import type { Scheduler } from "./clock/scheduler.js";
import type { SimulatedDevice } from "./device/device.js";
import type { TornForm } from "./flash/torn-form.js";

/** The power stays away for at most this long. */
const MAX_DARK_MS = 1_800_000;
/** A cut is planned for one of so many flash operations from its time on. */
const OPERATIONS_AHEAD = 6;
/** Where the flash has nothing to do for this long, the cut comes all the same. */
const PATIENCE_MS = 3_600_000;

/**
 * Takes the power from a device at random moments before `endMs`: every other time between two calls of its engine,
 * else in the middle of a flash operation, which is left in a seeded torn form.
 */
export function planPowerCuts(
  device: SimulatedDevice,
  count: number,
  endMs: number,
  scheduler: Scheduler,
  random: SeededRandom,
): void {
  const comeBack = (): void => device.powerOn(1000 + random.below(MAX_DARK_MS));
  device.onPowerLost = comeBack;
  for (let i = 0; i < count; i++) {
    const atMs = random.uniform() * endMs;
    const form = anyForm(random);
    const operation = 1 + random.below(OPERATIONS_AHEAD);
    scheduler.at(atMs, () => {
      if (i % 2 === 1 && device.flash !== undefined) device.flash.cutAt(operation, form);
      else cut();
    });
    if (i % 2 === 1 && device.flash !== undefined) {
      scheduler.at(Math.min(endMs, atMs + PATIENCE_MS), () => {
        const flash = device.flash!;
        if (!flash.cutIsPlanned) return;
        flash.cutAt(0, { kind: "none" });
        cut();
      });
    }
  }

  function cut(): void {
    if (!device.isOn && !device.isAsleep) return;
    device.cutPower();
    device.counters.powerCuts++;
    comeBack();
  }
}

function anyForm(random: SeededRandom): TornForm {
  const seed = random.below(1000);
  const bytes = random.below(40);
  const forms: TornForm[] = [
    { kind: "none" },
    { kind: "all" },
    { kind: "prefix", bytes },
    { kind: "bits", bytes, seed },
    { kind: "scatter", seed },
    { kind: "cells", seed },
  ];
  return forms[random.below(forms.length)]!;
}
