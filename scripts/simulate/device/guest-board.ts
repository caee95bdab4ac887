import type { Board } from "../../../boards/index.js";
import type { GuestBoard } from "../guest/guest.js";

const FIRMWARE_VERSION = "2v29";

/** What the engine is told about its board. @param device seed of the serial number */
export function guestBoard(board: Board, device: string): GuestBoard {
  const buses = (kind: Board["buses"][number]["kind"]): string[] =>
    board.buses.filter((bus) => bus.kind === kind).map(({ name }) => name);
  return {
    name: board.chip === "ESP32" ? "ESP32" : board.chip.replace(/-/g, "_"),
    version: FIRMWARE_VERSION,
    serial: Buffer.from(device).toString("hex").padEnd(12, "0").slice(0, 12),
    flashBytes: board.flashBytes,
    storageBytes: board.storage.pageBytes * board.storage.pages,
    blockBytes: board.jsVars.bytesEach,
    modules: board.modules,
    isEsp32: board.chip.startsWith("ESP32"),
    i2c: buses("i2c"),
    spi: buses("spi"),
    uarts: buses("uart"),
    analogPins: board.analogPins,
    watchedPins: board.pins.filter((pin) => !board.unwatchablePins.includes(pin)),
  };
}
