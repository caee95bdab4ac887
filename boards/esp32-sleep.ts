import type { DeepSleep } from "./board.js";

/** Deep sleep of the whole family: its RTC runs on an RC oscillator where no crystal is fitted. */
export const ESP32_DEEP_SLEEP: DeepSleep = {
  clockPpm: 60000,
  bootMs: 1200,
  source:
    "Espressif states no tolerance of the RC oscillator; users saw 2.2 % and a little over 5 % (arduino-esp32 issue 7084; esp32.com, 'drifted over half an hour in the course of 10 hours'). The time to boot is an assumption",
};
