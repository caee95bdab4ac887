import type { Platform } from "../hal/platform.js";

/** Seconds without a sign of life after which a device is restarted, where its application says nothing else. */
const WATCHDOG_SEC = 120;
const FEEDS = 3;

/** Starts the watchdog and feeds it from the loop: a device that hangs is restarted. 0 leaves it off. */
export function keepWatch(platform: Platform, timeoutSec: number | undefined): void {
  const seconds = timeoutSec === undefined ? WATCHDOG_SEC : timeoutSec;
  if (!seconds) return;
  const feed = (): void => {
    platform.watchdog.feed();
    platform.clock.after((seconds * 1000) / FEEDS, feed);
  };
  platform.watchdog.enable(seconds);
  feed();
}
