/// <reference path="./globals.d.ts" />
import { DeviceError } from "../../../../lib/core/device-error.js";
import { ErrorCode } from "../../../../lib/core/error-code.js";
import type { Uart, UartBus } from "../../../../lib/hal/uart.js";

/** A hardware serial line. Strings are bytes on this engine. */
export class EspruinoUart implements Uart {
  private _line: EspruinoSerialLine | undefined;

  constructor(private readonly _bus: UartBus) {}

  open(onData: (bytes: Uint8Array) => void): void {
    const bus = this._bus;
    try {
      const line = global[bus.name] as EspruinoSerialLine;
      line.setup(bus.busHz, { tx: bus.tx, rx: bus.rx });
      line.removeAllListeners("data");
      line.on("data", (text) => onData(E.toUint8Array(text)));
      this._line = line;
    } catch (_) {
      throw new DeviceError(ErrorCode.BUS_FAILED, 0);
    }
  }

  write(bytes: Uint8Array): void {
    if (this._line) this._line.write(bytes);
  }

  close(): void {
    if (this._line) this._line.removeAllListeners("data");
    this._line = undefined;
  }
}
