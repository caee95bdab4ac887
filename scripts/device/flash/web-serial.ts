import { ReadableStream } from "node:stream/web";
import { Transport } from "esptool-js";
import { portLost } from "../../errors/port.js";
import type { ControlLines, OpenLine, SerialLine } from "../serial/serial-line.js";

/** What esptool-js sets of a port's lines (Web Serial API, SerialOutputSignals). */
interface Signals {
  readonly dataTerminalReady?: boolean;
  readonly requestToSend?: boolean;
}

/** As much of the Web Serial API's SerialPort as esptool-js reads, over a line of this machine. */
export class WebSerialPort {
  readable: ReadableStream<Uint8Array> | null = null;
  /** False once a port has refused to set DTR and RTS. */
  hasLines = true;
  /** Resolves once the open port goes away by itself; closing it is no loss. */
  lost: Promise<void> = new Promise(() => undefined);
  readonly #path: string;
  readonly #openLine: OpenLine;
  #line: SerialLine | undefined;
  #lines: ControlLines = { dtr: false, rts: false };

  constructor(path: string, openLine: OpenLine) {
    this.#path = path;
    this.#openLine = openLine;
  }

  /** @throws SertaoError PORT_LOST where the port is not open */
  get line(): SerialLine {
    if (this.#line === undefined) throw portLost(this.#path);
    return this.#line;
  }

  async open({ baudRate }: { baudRate: number }): Promise<void> {
    const line = await this.#openLine(this.#path, { baudRate });
    this.#line = line;
    this.lost = new Promise((resolve) => void line.gone.then(() => (this.#line === line ? resolve() : undefined)));
    let isCancelled = false;
    let stop = (): void => undefined;
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        stop = line.listen((bytes) => controller.enqueue(bytes));
        void line.gone.then(() => {
          stop();
          if (!isCancelled) controller.close();
        });
      },
      cancel: () => {
        isCancelled = true;
        stop();
      },
    });
  }

  async close(): Promise<void> {
    this.readable = null;
    const line = this.#line;
    this.#line = undefined;
    await line?.close();
  }

  async setSignals({ dataTerminalReady, requestToSend }: Signals): Promise<void> {
    // Setting one line must not change the other.
    this.#lines = { dtr: dataTerminalReady ?? this.#lines.dtr, rts: requestToSend ?? this.#lines.rts };
    if (!(await this.line.setLines(this.#lines))) this.hasLines = false;
  }

  setBaudRate(baudRate: number): Promise<void> {
    return this.line.setBaudRate(baudRate);
  }

  getInfo(): { usbVendorId?: number; usbProductId?: number } {
    const usb = this.#line?.usb;
    return usb === undefined ? {} : { usbVendorId: usb.vendorId, usbProductId: usb.productId };
  }
}

/** esptool-js's framing, without its prints, and with writes that end. */
export class QuietTransport extends Transport {
  readonly #port: WebSerialPort;

  constructor(port: WebSerialPort) {
    super(port as unknown as ConstructorParameters<typeof Transport>[0]);
    this.#port = port;
  }

  /** The package prints on the console whether tracing is on or not. */
  override trace(): void {}

  /** The package keeps its stream locked for good after a write that failed. */
  override write(data: Uint8Array): Promise<void> {
    return this.#port.line.write(this.slipWriter(data));
  }
}
