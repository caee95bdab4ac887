import type { Board } from "./board.js";

export const linuxField: Board = {
  id: "linux-field",
  title: "Espruino as a 32-bit Linux process laid out like an ESP32",
  chip: "x86",
  engine: "espruino",
  firmwareBoards: ["LINUX"],
  platform: "espruino",
  backend: "espruino",
  jsVars: { count: 16383, bytesEach: 14 },
  flashBytes: 4194304,
  flashAddress: 0x10000000,
  storage: { address: 0x10320000, pageBytes: 4096, pages: 224 },
  freeRegions: [
    { name: "settings", address: 0x10310000, pageBytes: 4096, pages: 2 },
    { name: "outbox", address: 0x10312000, pageBytes: 4096, pages: 14 },
  ],
  writeUnitBytes: 4,
  rewritesPerWord: 32,
  maxFileNameBytes: 28,
  modules: ["net", "crypto", "Storage", "Flash", "heatshrink", "TelnetServer", "tensorflow"],
  lacks: [
    { name: "tls", why: "left out of this build" },
    { name: "reboot", why: "E.reboot ends the process: a wrapper restarts it" },
    { name: "mapped flash", why: "Storage is read through a file: models and code in it run 5 to 20 times slower" },
  ],
  power: "a workstation's process draws no battery",
  deepSleep: {
    clockPpm: 60000,
    bootMs: 0,
    source:
      "a wrapper ends the process and starts it again later (sertao simulate --engine espruino); the ESP32's tolerance",
  },
  budgets: { bundleBytes: 28672, packBytes: 393216, jsVars: 4000 },
  pins: [],
  reservedPins: [],
  analogPins: [],
  unwatchablePins: [],
  buses: [],
  sources: [
    "process.memory(), process.env and Storage.getStats() of Espruino 2v29 (c5ff787b), 32-bit, 16383 variables",
  ],
};
