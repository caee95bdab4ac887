import type { Platform } from "../hal/platform.js";
import { GuardedFlash } from "../flash/guarded-flash.js";
import { openFlashMemory } from "./flash-memory.js";
import type { FlashRange } from "../hal/flash-region.js";
import type { OpenMemory } from "./memory.js";

/** How an application measures its supply. */
export interface Supply {
  /** Millivolts now; 0 where that is not known. */
  readonly millivolts: (platform: Platform) => number;
  /** Flash is not erased below this: some way above the voltage at which the chip resets itself. */
  readonly eraseFromMillivolts: number;
}

/**
 * Settings and outbox in flash, which is not erased while the supply is low: `openMemory` of an application that can
 * measure its supply. `status` then tells the supply, too.
 */
export function openGuardedMemory(pages: FlashRange, supply: Supply): OpenMemory {
  return (platform, incarnation) => {
    const measure = (): number => supply.millivolts(platform);
    platform.power.measureSupply(measure);
    const region = new GuardedFlash(platform.flash(pages), measure, supply.eraseFromMillivolts);
    return openFlashMemory(region, incarnation);
  };
}
