import { errorKind } from "./sertao-error.js";

export const portMissing = errorKind(
  "PORT_MISSING",
  "There is no serial port of the given name.",
  (path: string, known: string) => `There is no port ${path}; ${known}.`,
  "Plug the board in with a data cable, and name its port with --port.",
);

export const portDenied = errorKind(
  "PORT_DENIED",
  "The user may not open the serial port.",
  (path: string, group: string | undefined) =>
    `You may not open ${path}${group === undefined ? "" : `, which belongs to the group ${group}`}.`,
  "Run `sudo usermod -aG dialout $USER`, then log out and in again.",
);

export const portBusy = errorKind(
  "PORT_BUSY",
  "Another program holds the serial port.",
  (path: string) => `${path} is held by another program.`,
  "End the monitor, IDE or modem manager that uses it.",
);

export const portNotSerial = errorKind(
  "PORT_NOT_SERIAL",
  "The file given as a port is no serial port.",
  (path: string) => `${path} is no serial port.`,
  "Name a port like /dev/ttyUSB0, /dev/ttyACM0 or COM3 with --port.",
);

export const portFailed = errorKind(
  "PORT_FAILED",
  "The system refuses something about the serial port.",
  (path: string, cause: string) => `${path}: ${cause}.`,
  "Try a lower --baud, another cable or another USB port.",
);

export const portLost = errorKind(
  "PORT_LOST",
  "The serial port went away while it was in use.",
  (path: string) => `${path} is gone.`,
  "Plug the board in again and repeat the command: what is done already is kept.",
);

export const portStalled = errorKind(
  "PORT_STALLED",
  "The serial port takes no more bytes.",
  (path: string, seconds: number) => `${path} has taken no bytes for ${seconds} s.`,
  "Reset the board, or plug it in again.",
);
