/** Control lines of a port, as the host sets them: true pulls the line low at the board. */
export interface ControlLines {
  readonly dtr: boolean;
  readonly rts: boolean;
}

/** Vendor and product of a USB port. */
export interface UsbIds {
  readonly vendorId: number;
  readonly productId: number;
}

/** An open serial port. Every method that fails because the port is gone rejects with PORT_LOST. */
export interface SerialLine {
  readonly path: string;
  /** Where the system knows them. */
  readonly usb: UsbIds | undefined;
  /** Resolves once the port is gone: unplugged, or closed by `close`. */
  readonly gone: Promise<void>;
  /** False once it is gone. */
  readonly isOpen: boolean;
  /** Calls back with bytes as they arrive; the function returned ends that. */
  listen(received: (bytes: Uint8Array) => void): () => void;
  /** Resolves when the system has taken the bytes. @throws SertaoError PORT_LOST, PORT_STALLED */
  write(bytes: Uint8Array): Promise<void>;
  /** False where the port has no such lines (a pseudo-terminal, a network bridge). */
  setLines(lines: ControlLines): Promise<boolean>;
  /** @throws SertaoError PORT_LOST, PORT_FAILED */
  setBaudRate(baudRate: number): Promise<void>;
  /** Closes the port; what was not sent yet is dropped. */
  close(): Promise<void>;
}

/** Settings of a port. */
export interface LineOptions {
  readonly baudRate: number;
  /** Stops sending while the device asks for it (XOFF, XON): for its console, never for binary data. */
  readonly flowControl?: boolean;
}

/** Opens a port. @throws SertaoError PORT_… */
export type OpenLine = (path: string, options: LineOptions) => Promise<SerialLine>;
