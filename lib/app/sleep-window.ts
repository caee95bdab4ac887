import { ErrorCode } from "../core/error-code.js";
import type { SampleWindow } from "../sensing/sample-window.js";
import { SettingKey } from "../settings/keys.js";
import type { Settings } from "../settings/settings.js";

/** Bytes of a settings page for a window, each sample with its frame: the rest is for the other settings. */
const MAX_WINDOW_BYTES = 3000;
const FRAME_BYTES = 6;

/** True where the settings have room for a window. */
export function fitsSettings(channels: number, samples: number): boolean {
  return (FRAME_BYTES + channels * 4) * samples <= MAX_WINDOW_BYTES && channels <= 50;
}

/** Writes the sample with a number, in the place of the one that falls out of a window of `capacity`. */
export function keepSample(settings: Settings, number: number, capacity: number, values: Float32Array): ErrorCode {
  return settings.set(SettingKey.SLEEP_SAMPLES + (number % capacity), new Uint8Array(values.buffer));
}

/** Writes the newest `count` samples of a window; the newest has the number `taken`. */
export function keepWindow(settings: Settings, taken: number, window: SampleWindow, count: number): ErrorCode {
  const values = new Float32Array(window.channels);
  for (let ago = Math.min(count, window.length) - 1; ago >= 0; ago--) {
    for (let channel = 0; channel < values.length; channel++) values[channel] = window.value(channel, ago);
    const status = keepSample(settings, taken - ago, window.capacity, values);
    if (status) return status;
  }
  return ErrorCode.OK;
}

/** Fills a window with its last `length` samples. */
export function restoreWindow(settings: Settings, taken: number, window: SampleWindow, length: number): void {
  const values = new Float32Array(window.channels);
  for (let ago = length - 1; ago >= 0; ago--) {
    new Uint8Array(values.buffer).set(settings.get(SettingKey.SLEEP_SAMPLES + ((taken - ago) % window.capacity)));
    window.push(values);
  }
}
