import type { Platform } from "../hal/platform.js";
import { ResetReason } from "../hal/power.js";
import { SettingKey } from "../settings/keys.js";
import type { Settings } from "../settings/settings.js";

/** After so many boots in a row that did not come to anything the application is left alone for a while. */
const LIMIT = 5;
/** A boot that has lasted so long is a good one. */
const HEALTHY_MS = 600000;
/** So long the application rests before it is tried again. */
const REST_MS = 3600000;

/**
 * Counts boots that end before they are known to be good, whatever ended them. A board without pages for settings counts
 * those that follow an exception, until it is healthy.
 * @returns true where the application must not start: this boot only keeps the device reachable, and ends by itself
 */
export function mustRest(platform: Platform, settings: Settings): boolean {
  if (platform.power.resetReason() === ResetReason.TIMER_WAKE) return false;
  const bad = settings.getNumber(SettingKey.UNHEALTHY_BOOTS, 0);
  const rests = bad >= LIMIT;
  settings.setNumber(SettingKey.UNHEALTHY_BOOTS, rests ? bad : bad + 1);
  if (!rests) platform.clock.after(HEALTHY_MS, () => isHealthy(settings));
  return rests;
}

/** This boot has done what it is for. */
export function isHealthy(settings: Settings): void {
  settings.setNumber(SettingKey.UNHEALTHY_BOOTS, 0);
}

/** Restarts after a rest. One more bad boot is then enough for the next rest. */
export function restAndRestart(platform: Platform, settings: Settings | undefined): void {
  platform.clock.after(REST_MS, () => {
    if (settings) settings.setNumber(SettingKey.UNHEALTHY_BOOTS, LIMIT - 1);
    platform.power.restart();
  });
}
