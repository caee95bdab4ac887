import type { Board } from "./board.js";

export const linux: Board = {
  id: "linux",
  title: "Espruino as a 64-bit Linux process",
  chip: "x86-64",
  engine: "espruino",
  firmwareBoards: ["LINUX"],
  platform: "espruino",
  backend: "espruino",
  // Grows from 4,096 as needed; a JsVar has 27 bytes of which a string or buffer uses 22.
  jsVars: { count: 65536, bytesEach: 27 },
  pointerBytes: 8,
  flashBytes: 262144,
  flashAddress: 0x10000000,
  // The file espruino.flash in the working directory.
  storage: { address: 0x10000000, pageBytes: 1024, pages: 256 },
  freeRegions: [],
  writeUnitBytes: 4,
  rewritesPerWord: 32,
  maxFileNameBytes: 28,
  modules: ["net", "tls", "crypto", "Storage", "Flash", "heatshrink", "fs", "TelnetServer", "tensorflow", "aes-ccm"],
  lacks: [
    { name: "free flash", why: "Storage owns all of it: the outbox lives in memory and is lost on reset" },
    { name: "reboot", why: "E.reboot ends the process: a wrapper restarts it" },
    { name: "mapped flash", why: "Storage is read through a file: models and code in it run 5 to 20 times slower" },
  ],
  power: "a workstation's process draws no battery",
  deepSleep: "ESP32.deepSleep exists on the ESP32 family alone",
  budgets: { bundleBytes: 28672, packBytes: 196608, jsVars: 60000 },
  pins: [],
  reservedPins: [],
  analogPins: [],
  unwatchablePins: [],
  buses: [],
  sources: ["process.memory(), process.env and Storage.getStats() of Espruino 2v29 (c5ff787b), built with BOARD=LINUX"],
};
