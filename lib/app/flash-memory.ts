import { DeviceError } from "../core/device-error.js";
import type { FlashRegion } from "../hal/flash-region.js";
import { FlashPages } from "../flash/flash-pages.js";
import { FlashOutbox } from "../outbox/flash-outbox.js";
import { OverflowPolicy } from "../outbox/outbox.js";
import { FlashSettings } from "../settings/flash-settings.js";
import { SettingKey } from "../settings/keys.js";
import { bootIncarnation } from "./identity.js";
import type { DeviceMemory } from "./memory.js";

/** Boots counted from here on follow the loss of the count: more than a device starts in its life, in 24 bits. */
const LOST_COUNT = 0x800000;

/**
 * Settings and outbox in flash: nothing that was taken is lost by a power cut.
 * @throws DeviceError FLASH_WRITE_FAILED, SUPPLY_LOW or SETTINGS_FULL
 */
export function openFlashMemory(region: FlashRegion, incarnation: number): DeviceMemory {
  const pages = new FlashPages(region);
  const settings = new FlashSettings(pages);
  let boots = settings.getNumber(SettingKey.BOOTS, 0) + 1;
  const outbox = new FlashOutbox(pages, settings, {
    freshIncarnation: bootIncarnation(incarnation, boots),
    normalPolicy: OverflowPolicy.DROP_OLDEST,
    alarmPolicy: OverflowPolicy.DROP_OLDEST,
  });
  // Where the count is lost and the records are not, the sequence makes a number that no earlier boot had.
  if (settings.formatted && !outbox.formatted) boots = LOST_COUNT + (outbox.nextSequence() & (LOST_COUNT - 1));
  // Two boots of one number would pass for one run of the clock.
  const status = settings.setNumber(SettingKey.BOOTS, boots);
  if (status) throw new DeviceError(status, 0);
  return { boots, outbox, settings };
}
