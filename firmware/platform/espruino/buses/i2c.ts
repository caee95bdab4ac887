/// <reference path="./globals.d.ts" />
import { ErrorCode } from "../../../../lib/core/error-code.js";
import type { I2c, I2cBus } from "../../../../lib/hal/i2c.js";
import { i2cFailure } from "./i2c-failure.js";

/**
 * Hardware I2C. Set up before the first transfer, and again after a failure that may have left the controller in the
 * middle of one: on the ESP32 that installs ESP-IDF's driver anew (targets/esp32/jshardwareI2c.c, jshI2CSetup).
 */
export class EspruinoI2c implements I2c {
  private _isReady = false;

  constructor(private readonly _bus: I2cBus) {}

  write(address: number, bytes: Uint8Array): ErrorCode {
    try {
      this._controller().writeTo(address, bytes);
      return ErrorCode.OK;
    } catch (error) {
      return this._failed(error);
    }
  }

  read(address: number, into: Uint8Array): ErrorCode {
    try {
      const bytes = this._controller().readFrom(address, into.length);
      if (!bytes || bytes.length !== into.length) return ErrorCode.BUS_FAILED;
      into.set(bytes);
      return ErrorCode.OK;
    } catch (error) {
      return this._failed(error);
    }
  }

  private _controller(): EspruinoI2cController {
    const bus = this._bus;
    const controller = global[bus.name] as EspruinoI2cController;
    if (!this._isReady) controller.setup({ sda: bus.sda, scl: bus.scl, bitrate: bus.busHz });
    this._isReady = true;
    return controller;
  }

  private _failed(error: unknown): ErrorCode {
    const status = i2cFailure(error + "");
    if (status !== ErrorCode.BUS_NO_ACK) this._isReady = false;
    return status;
  }
}
