import { existsSync } from "node:fs";
import { SerialPort } from "serialport";
import { portFailed, portLost, portStalled } from "../../errors/port.js";
import { openError } from "./open-error.js";
import { listPorts } from "./port-list.js";
import type { ControlLines, LineOptions, SerialLine, UsbIds } from "./serial-line.js";

/** A port that takes nothing for this long is stuck; at 115,200 baud a second takes 11,520 bytes. */
const WRITE_TIMEOUT_MS = 15_000;
const CLOSE_TIMEOUT_MS = 2_000;
/** How often it is looked whether the port's file is still there. */
const PRESENCE_MS = 500;

type Failed = Error | null | undefined;

/** A port of this machine, through the package serialport. */
class NodeLine implements SerialLine {
  readonly gone: Promise<void>;
  readonly #port: SerialPort;
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  readonly #writes = new Set<(error: Failed) => void>();

  constructor(
    port: SerialPort,
    readonly usb: UsbIds | undefined,
  ) {
    this.#port = port;
    this.gone = new Promise((resolve) => {
      port.once("close", () => {
        for (const settle of this.#writes) settle(new Error("gone"));
        resolve();
      });
    });
    if (process.platform !== "win32") this.#watchFile();
    // What went wrong is told by the call that failed, or by "close".
    port.on("error", () => undefined);
    port.on("data", (bytes: Buffer) => {
      for (const received of this.#listeners) received(bytes);
    });
  }

  get path(): string {
    return this.#port.path;
  }

  get isOpen(): boolean {
    return this.#port.isOpen;
  }

  listen(received: (bytes: Uint8Array) => void): () => void {
    this.#listeners.add(received);
    return () => void this.#listeners.delete(received);
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) return reject(portLost(this.path));
      const timer = setTimeout(() => reject(portStalled(this.path, WRITE_TIMEOUT_MS / 1000)), WRITE_TIMEOUT_MS);
      const settle = (error: Failed): void => {
        clearTimeout(timer);
        this.#writes.delete(settle);
        if (error) reject(this.isOpen ? portFailed(this.path, error.message) : portLost(this.path));
        else resolve();
      };
      this.#writes.add(settle);
      this.#port.write(Buffer.from(bytes), settle);
    });
  }

  setLines({ dtr, rts }: ControlLines): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) return reject(portLost(this.path));
      this.#port.set({ dtr, rts }, (error: Failed) => resolve(!error));
    });
  }

  setBaudRate(baudRate: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) return reject(portLost(this.path));
      this.#port.update({ baudRate }, (error: Failed) =>
        error ? reject(portFailed(this.path, error.message)) : resolve(),
      );
    });
  }

  /** The package goes on reading, without an end, a port that hangs up while it reads: then its file alone tells. */
  #watchFile(): void {
    const timer = setInterval(() => {
      if (this.isOpen && !existsSync(this.path)) this.#port.close();
    }, PRESENCE_MS);
    void this.gone.then(() => clearInterval(timer));
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    // Closing waits for what is still to be sent, which a dead device never takes.
    await bounded((done) => this.#port.flush(done));
    await bounded((done) => (this.isOpen ? this.#port.close(done) : done()));
  }
}

/** Opens a port of this machine. @throws SertaoError PORT_MISSING, PORT_DENIED, PORT_BUSY, PORT_NOT_SERIAL, PORT_FAILED */
export async function openNodeLine(path: string, { baudRate, flowControl }: LineOptions): Promise<SerialLine> {
  const ports = await listPorts();
  const xon = flowControl === true;
  const port = new SerialPort({ path, baudRate, autoOpen: false, xon, xoff: xon });
  await new Promise<void>((resolve, reject) => {
    port.open((error) =>
      error
        ? reject(
            openError(
              path,
              error.message,
              ports.map((known) => known.path),
            ),
          )
        : resolve(),
    );
  });
  return new NodeLine(port, ports.find((known) => known.path === path)?.usb);
}

function bounded(start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    start(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
