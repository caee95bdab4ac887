import { ErrorCode } from "../core/error-code.js";
import { FlashLog } from "../flash/flash-log.js";
import { FlashPages, Layout } from "../flash/flash-pages.js";
import type { SlotStore } from "../hal/file-store.js";
import type { FlashRegion } from "../hal/flash-region.js";
import { FlashSettings } from "../settings/flash-settings.js";
import { Slots } from "./slots.js";
import { Trial } from "./trial.js";

/**
 * Slots and trial as the supervisor sees them, before any application runs.
 * @param region whose first pages are the settings
 * @returns undefined where there are no settings: the application makes them, which must know that it lost some
 */
export function openTrial(region: FlashRegion, files: SlotStore): Trial | undefined {
  const pages = new FlashPages(region);
  if (!new FlashLog(pages, 0, Layout.SETTINGS_PAGES, ErrorCode.SETTINGS_DAMAGED)._serial) return undefined;
  const settings = new FlashSettings(pages);
  const slots = new Slots(settings, files);
  slots.install();
  return new Trial(slots, settings);
}
