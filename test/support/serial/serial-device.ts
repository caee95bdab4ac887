import type { ControlLines } from "../../../scripts/device/serial/serial-line.js";

/** Something at the other end of a serial cable. */
export interface SerialDevice {
  /** Called once: where its bytes go. */
  connect(send: (bytes: Uint8Array) => void): void;
  receive(bytes: Uint8Array): void;
  setLines?(lines: ControlLines): void;
  /** The rate that the host's port has now. */
  setBaudRate?(baudRate: number): void;
}
