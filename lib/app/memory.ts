import type { Platform } from "../hal/platform.js";
import type { Outbox } from "../outbox/outbox.js";
import type { Settings } from "../settings/settings.js";

/** What a device keeps between boots, as far as its board has a place for it. */
export interface DeviceMemory {
  /** Number of this boot, 1 for the first. No two boots of an incarnation have the same. */
  readonly boots: number;
  readonly outbox: Outbox;
  /** On a board without a flash region of its own, little more than what a crash leaves (crash-settings.ts). */
  readonly settings: Settings;
}

/**
 * Opens a device's memory: `sertao:memory`, which the build chooses by the board's free regions.
 * @param incarnation of the provisioning
 * @param ramRecords records to keep where only RAM is left for them
 * @throws DeviceError FLASH_WRITE_FAILED
 */
export type OpenMemory = (platform: Platform, incarnation: number, ramRecords: number) => DeviceMemory;
