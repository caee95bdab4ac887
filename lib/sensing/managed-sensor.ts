import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { Clock } from "../hal/clock.js";
import { checkRange } from "./check-range.js";
import type { Channel, Sensor, SensorDriver } from "./sensor.js";

/** What managed sensors need of the platform. */
export interface SensorHost {
  readonly clock: Clock;
  observe(name: string, value: number): void;
}

/**
 * A driver that cannot bring the application down. It is opened before its first measurement and again after each
 * failure, so a part that comes back is found at the next sample; until then it says why there is no value.
 */
export class ManagedSensor implements Sensor {
  readonly channels: readonly Channel[];
  /** Measurements that gave no value, warming up included. */
  failures = 0;

  private _isOpen = false;
  private _warmMs = 0;
  private _status: ErrorCode = ErrorCode.OK;

  constructor(
    private readonly _host: SensorHost,
    private readonly _driver: SensorDriver,
    private readonly _name: string,
  ) {
    this.channels = _driver.channels;
  }

  start(): number {
    const driver = this._driver;
    this._host.observe("sensing", 1);
    const nowMs = this._host.clock.nowMs();
    try {
      if (!this._isOpen) {
        driver.open();
        this._isOpen = true;
        this._warmMs = nowMs + driver.warmUpMs;
      }
      this._status = nowMs < this._warmMs ? ErrorCode.SENSOR_WARMING_UP : driver.start();
    } catch (error) {
      this._status = error instanceof DeviceError ? error.code : ErrorCode.SENSOR_FAILED;
    }
    return this._status === ErrorCode.OK ? driver.conversionMs : 0;
  }

  read(into: Float32Array, at: number): ErrorCode {
    let status = this._status;
    try {
      if (status === ErrorCode.OK) status = this._driver.read(into, at) || checkRange(into, at, this.channels);
    } catch (_) {
      status = ErrorCode.SENSOR_FAILED;
    }
    if (status !== ErrorCode.OK) {
      if (!keepsSetUp(status)) this.close();
      this._host.observe("failed " + this._name, ++this.failures);
    }
    return status;
  }

  close(): void {
    this._isOpen = false;
    try {
      this._driver.close();
    } catch (_) {
      // The part is gone, or never was there: nothing is left to close.
    }
  }
}

/** True where the part answered and only this one value is worth nothing: setting it up again would cost the next, too. */
function keepsSetUp(status: ErrorCode): boolean {
  return (
    status === ErrorCode.SENSOR_WARMING_UP ||
    status === ErrorCode.SENSOR_OUT_OF_RANGE ||
    status === ErrorCode.PULSES_LOST
  );
}

/** Makes sensors of drivers. `host` is the platform, which hears of failures as "failed 0 airTemperature". */
export function manage(host: SensorHost, drivers: readonly SensorDriver[]): Sensor[] {
  return drivers.map((driver, i) => new ManagedSensor(host, driver, i + " " + driver.channels[0]!.name));
}
