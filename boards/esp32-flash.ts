import type { FirmwareFile, FlashRange, FreeRegion } from "./board.js";

// Both partition layouts of Espruino (ESP32; ESP32-C3 and S3) leave 64 KB at 0x310000 to JavaScript and 896 KB behind
// it to Storage. `require("Flash").getFree()` names addresses inside Storage instead: never use it on this family.

/** Storage of the ESP32 family. */
export const ESP32_STORAGE: FlashRange = { address: 0x320000, pageBytes: 4096, pages: 224 };

/** The framework's own pages on the ESP32 family. */
export const ESP32_FREE_REGIONS: readonly FreeRegion[] = [
  { name: "settings", address: 0x310000, pageBytes: 4096, pages: 2 },
  { name: "outbox", address: 0x312000, pageBytes: 4096, pages: 14 },
];

/**
 * The firmware's files (Espruino targets/esp32/README_flash*.txt). The partition table says how long the application
 * may be.
 * @param bootloaderAddress where the chip's ROM looks for the bootloader
 */
export function esp32Firmware(bootloaderAddress: number, application: readonly string[]): FirmwareFile[] {
  return [
    { part: "bootloader", address: bootloaderAddress, names: ["bootloader.bin"] },
    { part: "partition table", address: 0x8000, names: ["partitions_espruino.bin", "partition-table.bin"] },
    { part: "application", address: 0x10000, names: application },
  ];
}
