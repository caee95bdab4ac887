import type { Board } from "./board.js";

export const esp8266With4Mb: Board = {
  id: "esp8266-4mb",
  title: "ESP8266 (ESP-12, 4 MB)",
  chip: "ESP8266",
  engine: "espruino",
  firmwareBoards: ["ESP8266_4MB"],
  platform: "espruino",
  backend: "espruino",
  jsVars: { count: 1600, bytesEach: 12 },
  flashBytes: 4194304,
  flashAddress: 0,
  storage: { address: 0x0cb000, pageBytes: 4096, pages: 48 },
  // The megabytes behind the firmware are a file system's or reserved, by the module: none is promised to be free.
  freeRegions: [],
  writeUnitBytes: 4,
  rewritesPerWord: 32,
  maxFileNameBytes: 28,
  modules: ["net", "crypto", "Storage", "Flash", "Wifi", "TelnetServer", "heatshrink"],
  lacks: [
    { name: "tls", why: "needs more memory than the chip has" },
    { name: "sha256", why: "left out of the firmware: only SHA-1 is native" },
    { name: "fft", why: "left out of the firmware" },
    { name: "tensorflow", why: "left out of the firmware" },
    { name: "jit", why: "the compiler emits ARM Thumb only" },
    {
      name: "free flash",
      why: "no region that is free on every module: the outbox lives in memory and is lost on reset",
    },
    { name: "watchdog", why: "E.enableWatchdog does nothing here" },
  ],
  budgets: { bundleBytes: 16384, packBytes: 65536, jsVars: 1200 },
  pins: ["D0", "D2", "D4", "D5", "D12", "D13", "D14", "D15", "D16", "A0"],
  // ESP8266EX Datasheet, Strapping Pins.
  bootPins: ["D0", "D2", "D15"],
  reservedPins: [
    { name: "D1", why: "console, transmit" },
    { name: "D3", why: "console, receive" },
    { name: "D6", why: "flash clock" },
    { name: "D7", why: "flash data" },
    { name: "D8", why: "flash data" },
    { name: "D9", why: "flash data" },
    { name: "D10", why: "flash data" },
    { name: "D11", why: "flash command" },
  ],
  analogPins: ["A0"],
  unwatchablePins: ["D16", "A0"],
  buses: [
    { name: "I2C1", kind: "i2c", pins: { sda: "D4", scl: "D5" }, busHz: 100000 },
    { name: "SPI1", kind: "spi", pins: { mosi: "D13", miso: "D12", sck: "D14" }, busHz: 1000000 },
  ],
  sources: ["Espruino boards/ESP8266_4MB.py at c5ff787b", "Espressif, ESP8266EX Datasheet, section 2 (pins)"],
};
