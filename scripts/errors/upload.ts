import { errorKind } from "./sertao-error.js";

export const uploadWrongBoard = errorKind(
  "UPLOAD_WRONG_BOARD",
  "The firmware on the port was built for another board.",
  (found: string, board: string, wanted: string) => `The firmware is for ${found}; ${board} runs ${wanted}.`,
  "Name the board that is connected with --board (see: sertao boards).",
);

export const uploadNoRoom = errorKind(
  "UPLOAD_NO_ROOM",
  "The device's Storage has no room for the files; nothing was erased.",
  (needed: number, room: number) => `The files take ${needed} bytes of Storage and it has room for ${room}.`,
  'Erase what is not needed on its console (require("Storage").list()), or write all of Storage with --image.',
);

export const uploadVerifyFailed = errorKind(
  "UPLOAD_VERIFY_FAILED",
  "A file on the device is not what was sent.",
  (name: string) => `${name} reads back with another length or CRC-32.`,
  "Run the command again; if it stays, the flash is wearing out.",
);

export const uploadNotStarted = errorKind(
  "UPLOAD_NOT_STARTED",
  "The application was uploaded, and did not start.",
  (cause: string) => `The application does not start: ${cause}.`,
  "Look at sertao monitor --port PORT, and at the device's errors in docs/errors.md.",
);

export const uploadInterrupted = errorKind(
  "UPLOAD_INTERRUPTED",
  "The upload was interrupted with Ctrl-C or a signal.",
  () => "Interrupted; the application on the device is not complete.",
  "Run the same command again: it sends what is missing.",
  130,
);
