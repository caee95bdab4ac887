/// <reference path="./globals.d.ts" />
import { ErrorCode } from "../../../../lib/core/error-code.js";
import type { Spi, SpiBus } from "../../../../lib/hal/spi.js";

/**
 * A part on hardware SPI, selected by a pin of its own. The bus is set up before the first transfer of each part: parts on
 * one bus share its settings. On the ESP32 a transfer of several bytes can throw "SPI Send Error" without cause
 * (targets/esp32/jshardwareSpi.c, jshSPISendMany tests a variable that it never sets): that is BUS_FAILED here.
 */
export class EspruinoSpi implements Spi {
  private _isReady = false;

  constructor(
    private readonly _bus: SpiBus,
    private readonly _selectPin: string,
  ) {}

  transfer(bytes: Uint8Array, into: Uint8Array): ErrorCode {
    const bus = this._bus;
    try {
      const controller = global[bus.name] as EspruinoSpiController;
      if (!this._isReady) {
        digitalWrite(this._selectPin, true);
        controller.setup({ mosi: bus.mosi, miso: bus.miso, sck: bus.sck, baud: bus.busHz, mode: 0 });
        this._isReady = true;
      }
      const answer = controller.send(bytes, this._selectPin);
      if (!answer || answer.length !== bytes.length) return ErrorCode.BUS_FAILED;
      into.set(answer);
      return ErrorCode.OK;
    } catch (_) {
      return ErrorCode.BUS_FAILED;
    }
  }
}
