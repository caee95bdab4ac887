import type { Connection, ConnectionEvents, Transport } from "../../../lib/hal/transport.js";
import { whileBlocked } from "./watchdog.js";

/** TCP through Espruino's `net`. Failures that it throws synchronously (name look-up, closed socket) become `onClose`. */
export class EspruinoTransport implements Transport {
  open(host: string, port: number, events: ConnectionEvents): Connection {
    return new EspruinoConnection(host, port, events);
  }
}

class EspruinoConnection implements Connection {
  private _socket: EspruinoSocket | undefined;
  private _events: ConnectionEvents | undefined;
  private _writing = false;

  constructor(host: string, port: number, events: ConnectionEvents) {
    this._events = events;
    whileBlocked(() => this._connect(host, port));
  }

  private _connect(host: string, port: number): void {
    const over = (): void => this._over();
    try {
      const socket = require("net").connect({ host: host, port: port }, () => {
        if (this._events) this._events.onOpen();
      });
      this._socket = socket;
      socket.on("data", (bytes) => {
        if (this._events) this._events.onData(E.toUint8Array(bytes));
      });
      socket.on("drain", () => this._drained());
      // A failed connection says "error" alone, a lost one "close", some both.
      socket.on("error", over);
      socket.on("close", over);
    } catch (_) {
      setTimeout(over, 0);
    }
  }

  write(bytes: Uint8Array, length: number): void {
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset, length);
    this._writing = true;
    try {
      this._socket!.write(E.toString(view) || String.fromCharCode.apply(null, view as unknown as number[]));
    } catch (_) {
      setTimeout(() => this._over(), 0);
    }
  }

  close(): void {
    this._events = undefined;
    try {
      if (this._socket) this._socket.end();
    } catch (_) {
      // It is closed already.
    }
    this._socket = undefined;
  }

  /** Espruino also says "drain" for an empty buffer just after connecting: that one answers no write. */
  private _drained(): void {
    if (!this._writing) return;
    this._writing = false;
    if (this._events) this._events.onDrain();
  }

  private _over(): void {
    const events = this._events;
    this._events = undefined;
    if (events) events.onClose();
  }
}
