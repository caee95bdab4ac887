import { esp32 } from "../../../boards/esp32.js";
import { FlashPages } from "../../../lib/flash/flash-pages.js";
import type { FlashRegion } from "../../../lib/hal/flash-region.js";
import type { Platform } from "../../../lib/hal/platform.js";
import { SleepState, Kept } from "../../../lib/app/sleep-state.js";
import { keepSample } from "../../../lib/app/sleep-window.js";
import { FlashSettings } from "../../../lib/settings/flash-settings.js";
import { SettingKey } from "../../../lib/settings/keys.js";
import { boardFlash } from "../device/flash-address.js";

/** What an application's sleep costs the settings' two pages. */
export interface SettingsWear {
  /** Bytes of flash for each wake, page heads and moves included. */
  readonly bytesPerWake: number;
  readonly erasesPerPageAndYear: number;
}

const YEAR_MS = 365 * 86_400_000;
/** So many wakes are run; the year follows from them. */
const WAKES = 4000;
const WINDOW = 13;

/** Runs the writes of many wakes, with a sample each, on the board's flash and counts its erases. */
export function settingsWear(channels: number, periodMs: number): SettingsWear {
  const flash = boardFlash(esp32)!;
  let erases = 0;
  const counted: FlashRegion = {
    pageBytes: flash.pageBytes,
    pageCount: flash.pageCount,
    writeUnitBytes: flash.writeUnitBytes,
    rewritesPerWord: flash.rewritesPerWord,
    read: (address, into, count) => flash.read(address, into, count),
    write: (address, bytes, count) => flash.write(address, bytes, count),
    erasePage: (page) => {
      erases++;
      flash.erasePage(page);
    },
  };
  const settings = new FlashSettings(new FlashPages(counted));
  let nowMs = 0;
  const platform = {
    clock: { nowMs: () => nowMs, continueAt: () => undefined },
    power: { resetReason: () => 0, sleepClockMs: () => nowMs },
  } as unknown as Platform;
  const before = erases;
  for (let wake = 1; wake <= WAKES; wake++) {
    nowMs = wake * periodMs;
    settings.setNumber(SettingKey.BOOTS, wake);
    const state = new SleepState(platform, settings, 1000, 1, false);
    const values = Float32Array.from({ length: channels }, (_, channel) => wake + channel / 3);
    if (keepSample(settings, wake, WINDOW, values)) throw new Error("the settings are full");
    state.kept[Kept.TAKEN] = wake;
    state.kept[Kept.DUE] = nowMs + periodMs;
    if (state.keep(periodMs)) throw new Error("the settings are full");
  }
  const made = erases - before;
  return {
    bytesPerWake: (made * flash.pageBytes) / WAKES,
    erasesPerPageAndYear: (made / 2 / WAKES) * (YEAR_MS / periodMs),
  };
}
