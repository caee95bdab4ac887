import { errorKind } from "./sertao-error.js";

export const flashNoAnswer = errorKind(
  "FLASH_NO_ANSWER",
  'The chip\'s ROM loader does not answer: esptool says "Timed out waiting for packet header" or "Failed to connect".',
  (path: string, hint: string) => `The chip behind ${path} does not answer${hint}.`,
  "Hold BOOT (IO0), press and let go EN (reset), let go BOOT, and run the command again; take a data cable, not a charging cable.",
);

export const flashChipUnknown = errorKind(
  "FLASH_CHIP_UNKNOWN",
  "What answers on the port is no chip that esptool-js knows.",
  (cause: string) => `The chip is unknown: ${cause}.`,
  "Check that the board has an ESP32, ESP32-C3 or ESP32-S3, and that nothing else talks on the port.",
);

export const flashWrongChip = errorKind(
  "FLASH_WRONG_CHIP",
  "The chip on the port is not the board's.",
  (found: string, board: string, wanted: string) => `The chip is an ${found}; ${board} has an ${wanted}.`,
  "Name the board that is connected with --board (see: sertao boards).",
);

export const flashNotFound = errorKind(
  "FLASH_NOT_FOUND",
  "The chip cannot read the id of its flash, or has a flash of unknown size.",
  (id: string) => `The flash has the id ${id}.`,
  "Free the pins of the flash (on an ESP32 D6 to D11), check the supply, and run the command again.",
);

export const flashTooSmall = errorKind(
  "FLASH_TOO_SMALL",
  "The flash of the connected board is smaller than the board file says.",
  (found: number, board: string, wanted: number) => `The flash has ${found} MB; ${board} has ${wanted} MB.`,
  "Take a module with the larger flash: Espruino's partitions need it.",
);

export const flashSecure = errorKind(
  "FLASH_SECURE",
  "The chip is locked by secure download mode.",
  () => "The chip is in secure download mode, and its flash cannot be verified.",
  "Take another board: the mode cannot be switched off.",
);

export const flashUnsupported = errorKind(
  "FLASH_UNSUPPORTED",
  "The board has no ROM loader that Sertão knows.",
  (board: string) => `${board} is not flashed through Espressif's ROM loader.`,
  "Put its firmware on as espruino.com describes for the board; sertao upload works then.",
);

export const flashLinkBad = errorKind(
  "FLASH_LINK_BAD",
  "The link to the chip broke down again and again while its flash was written or read.",
  (where: string, cause: string) => `${where} failed over and over: ${cause}.`,
  "Run the command again with a lower --baud (115200), another cable or USB port, or --no-stub; what is written already is kept.",
);

export const flashVerifyFailed = errorKind(
  "FLASH_VERIFY_FAILED",
  "The flash does not hold what was written to it.",
  (where: string) => `${where} reads back with another MD5 than what was sent.`,
  "Run the command again with a lower --baud; if it stays, the flash is worn out or write-protected.",
);

export const flashInterrupted = errorKind(
  "FLASH_INTERRUPTED",
  "Writing the flash was interrupted with Ctrl-C or a signal.",
  (done: string) => `Interrupted; ${done}.`,
  "Run the same command again: it writes what is missing. Until then the board may not start.",
  130,
);
