import { portBusy, portLost, portMissing } from "../../../scripts/errors/port.js";
import type {
  ControlLines,
  LineOptions,
  OpenLine,
  SerialLine,
  UsbIds,
} from "../../../scripts/device/serial/serial-line.js";
import type { SerialDevice } from "./serial-device.js";
import { FaultyWire, type WireFaults } from "./wire-faults.js";

/** A serial port in memory with a device on its cable. Bytes arrive in a later turn of the event loop, in order. */
export class MemoryPort {
  /** False where the port cannot set DTR and RTS. */
  hasLines = true;
  usb: UsbIds | undefined;
  wire = new FaultyWire();
  /** Bytes that the host wrote. */
  written = 0;
  #line: MemoryLine | undefined;
  #plugged = true;

  constructor(
    readonly device: SerialDevice,
    readonly path = "/dev/ttyMEMORY",
  ) {
    device.connect((bytes) => {
      const arriving = this.wire.towardsHost(bytes);
      setImmediate(() => this.#line?.deliver(arriving));
    });
  }

  readonly openLine: OpenLine = async (path, options: LineOptions) => {
    if (path !== this.path || !this.#plugged) throw portMissing(path, "this machine has none");
    if (this.#line?.isOpen) throw portBusy(path);
    this.device.setBaudRate?.(options.baudRate);
    this.#line = new MemoryLine(this);
    return this.#line;
  };

  /** From now on the cable is bad. */
  spoil(faults: WireFaults): void {
    this.wire = new FaultyWire(faults);
  }

  unplug(): void {
    this.#plugged = false;
    this.#line?.lose();
  }

  plugIn(): void {
    this.#plugged = true;
    this.wire = new FaultyWire();
  }

  /** Bytes on their way to the device. */
  carry(bytes: Uint8Array): void {
    this.written += bytes.length;
    const arriving = this.wire.towardsDevice(bytes);
    if (arriving === undefined) this.unplug();
    else setImmediate(() => this.#plugged && this.device.receive(arriving));
  }
}

class MemoryLine implements SerialLine {
  readonly gone: Promise<void>;
  isOpen = true;
  readonly #port: MemoryPort;
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  #resolveGone!: () => void;

  constructor(port: MemoryPort) {
    this.#port = port;
    this.gone = new Promise((resolve) => (this.#resolveGone = resolve));
  }

  get path(): string {
    return this.#port.path;
  }

  get usb(): UsbIds | undefined {
    return this.#port.usb;
  }

  listen(received: (bytes: Uint8Array) => void): () => void {
    this.#listeners.add(received);
    return () => void this.#listeners.delete(received);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.isOpen) throw portLost(this.path);
    this.#port.carry(Uint8Array.from(bytes));
    if (!this.isOpen) throw portLost(this.path);
  }

  async setLines(lines: ControlLines): Promise<boolean> {
    if (!this.isOpen) throw portLost(this.path);
    if (this.#port.hasLines) this.#port.device.setLines?.(lines);
    return this.#port.hasLines;
  }

  async setBaudRate(baudRate: number): Promise<void> {
    if (!this.isOpen) throw portLost(this.path);
    this.#port.device.setBaudRate?.(baudRate);
  }

  async close(): Promise<void> {
    this.lose();
  }

  lose(): void {
    this.isOpen = false;
    this.#resolveGone();
  }

  deliver(bytes: Uint8Array): void {
    if (this.isOpen) for (const received of this.#listeners) received(bytes);
  }
}
