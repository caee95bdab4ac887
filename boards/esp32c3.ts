import type { Board } from "./board.js";
import { esp32Firmware, ESP32_FREE_REGIONS, ESP32_STORAGE } from "./esp32-flash.js";
import { ESP32_DEEP_SLEEP } from "./esp32-sleep.js";

export const esp32c3: Board = {
  id: "esp32c3",
  title: "ESP32-C3 (MINI, 4 MB)",
  chip: "ESP32-C3",
  cpu: "esp32c3",
  engine: "espruino",
  firmwareBoards: ["ESP32C3_IDF4"],
  platform: "espruino",
  backend: "espruino",
  // The most there can be: the firmware keeps 70,000 bytes of heap. At most 15 references to one object.
  jsVars: { count: 4095, bytesEach: 13 },
  flashBytes: 4194304,
  flashAddress: 0,
  storage: ESP32_STORAGE,
  freeRegions: ESP32_FREE_REGIONS,
  romLoading: { imageChipId: 5, baudRate: 460800, files: esp32Firmware(0x0, ["espruino-esp32c3.bin"]) },
  writeUnitBytes: 4,
  rewritesPerWord: 32,
  maxFileNameBytes: 28,
  modules: ["net", "tls", "crypto", "Storage", "Flash", "Wifi", "heatshrink", "bluetooth"],
  lacks: [
    { name: "tensorflow", why: "left out of the firmware: no room beside TLS" },
    { name: "jit", why: "the compiler emits ARM Thumb only" },
    { name: "aes-ccm", why: "USE_AES_CCM is not set for the ESP32 family" },
    { name: "TelnetServer", why: "left out of this firmware" },
    { name: "battery", why: "E.getBattery does not exist on this family" },
  ],
  power: {
    volts: 3.3,
    activeMilliamps: 28,
    receiveMilliamps: 84,
    transmitMilliamps: 335,
    lightSleepMilliamps: 0.13,
    deepSleepMilliamps: 0.005,
    source:
      "Espressif, ESP32-C3 Series Datasheet v2.4, tables 5-7 (peak: 802.11b at 1 Mbit/s; receive, HT20), 5-8 (160 MHz, running, peripherals clocked) and 5-9",
  },
  deepSleep: ESP32_DEEP_SLEEP,
  budgets: { bundleBytes: 28672, packBytes: 393216, jsVars: 3200 },
  pins: ["D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10"],
  // ESP32-C3 Series Datasheet, Strapping Pins.
  bootPins: ["D2", "D8", "D9"],
  reservedPins: [
    { name: "D18", why: "USB" },
    { name: "D19", why: "USB" },
    { name: "D20", why: "console, receive" },
    { name: "D21", why: "console, transmit" },
  ],
  analogPins: ["D0", "D1", "D2", "D3", "D4"],
  unwatchablePins: [],
  buses: [
    { name: "I2C1", kind: "i2c", pins: { sda: "D6", scl: "D7" }, busHz: 100000 },
    { name: "SPI1", kind: "spi", pins: { mosi: "D3", miso: "D4", sck: "D5" }, busHz: 1000000 },
  ],
  sources: [
    "Espruino boards/ESP32C3_IDF4.py and its partition table at c5ff787b",
    "Espressif, ESP32-C3 Series Datasheet, section 2 (pins)",
  ],
};
