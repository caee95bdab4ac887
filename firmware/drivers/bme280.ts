import { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import type { I2c } from "../../lib/hal/i2c.js";
import type { DriverFacts } from "../../lib/sensing/driver-facts.js";
import type { Channel, SensorDriver } from "../../lib/sensing/sensor.js";
import type { Bme280Trimming } from "./bme280-compensation.js";
import { compensate, readTrimming } from "./bme280-compensation.js";

// Bosch Sensortec BME280: air temperature, relative humidity, air pressure. Sections are those of the datasheet
// BST-BME280-DS002-15, revision 1.6.

/** §5.4.1; a BMP280, which has no humidity, answers 0x58. */
const ID_REGISTER = 0xd0;
const ID = 0x60;
/** §4.2.2, table 16. */
const TRIMMING_REGISTER = 0x88;
const TRIMMING_BYTES = 26;
const HUMIDITY_TRIMMING_REGISTER = 0xe1;
const HUMIDITY_TRIMMING_BYTES = 7;
/** §5.4.3: osrs_h = ×1. It counts from the next write to ctrl_meas on. */
const CTRL_HUM_REGISTER = 0xf2;
const HUMIDITY_ONCE = 0x01;
/** §5.4.4; the registers up to hum_lsb (0xFE) follow it. */
const STATUS_REGISTER = 0xf3;
const STATUS_TO_HUMIDITY_BYTES = 12;
const MEASURING = 0x08;
const COPYING_TRIMMING = 0x01;
/** §5.4.5: osrs_t = ×1, osrs_p = ×1, mode = forced (weather monitoring, §3.5.1). The mode goes back to 0 by itself. */
const CTRL_MEAS_REGISTER = 0xf4;
const MEASURE_ONCE = 0x25;
const OVERSAMPLING = 0xfc;
/** §5.4.7, §5.4.8: what a measurement that was left out leaves in the data registers. */
const NOT_MEASURED = 0x80000;
const HUMIDITY_NOT_MEASURED = 0x8000;
/** §9.1: 1.25 + 2.3 + (2.3 + 0.575) + (2.3 + 0.575) ms at most. */
const CONVERSION_MS = 10;

export const bme280Facts: DriverFacts = {
  driver: "bme280",
  part: "Bosch BME280: air temperature, humidity, pressure",
  bus: "I2C",
  // §1, table 1: 350 µA for temperature over 3 ms (start included), 714 for pressure, 340 for humidity, 2.5 ms each (§9.1).
  energy: { activeMicroamps: 461, activeMs: 8, idleMicroamps: 0.1, source: "datasheet §1 table 1, §9.1" },
  datasheet: "BST-BME280-DS002-15 rev. 1.6",
  blindTo: "a single wrong bit: the part sends no checksum",
};

/** One BME280 in forced mode. It is at address 0x76, or 0x77 with SDO high (§6.2). */
export class Bme280 implements SensorDriver {
  readonly channels: readonly Channel[] = [
    { name: "airTemperature", unit: "Cel", min: -40, max: 85 },
    { name: "relativeHumidity", unit: "%RH", min: 0, max: 100 },
    { name: "airPressure", unit: "Pa", min: 30000, max: 110000 },
  ];
  readonly warmUpMs = 0;
  readonly conversionMs = CONVERSION_MS;

  private readonly _data = new Uint8Array(STATUS_TO_HUMIDITY_BYTES);
  private readonly _register = new Uint8Array(1);
  private readonly _start = new Uint8Array([CTRL_MEAS_REGISTER, MEASURE_ONCE]);
  private _trim: Bme280Trimming | undefined;

  constructor(private readonly _at: { readonly i2c: I2c; readonly address: number }) {}

  open(): void {
    const id = this._fetch(ID_REGISTER, 1);
    if (id[0] !== ID) throw new DeviceError(ErrorCode.SENSOR_UNKNOWN, id[0]!);
    if (this._fetch(STATUS_REGISTER, 1)[0]! & COPYING_TRIMMING) throw new DeviceError(ErrorCode.SENSOR_BUSY, 0);
    this._trim = readTrimming(
      this._fetch(TRIMMING_REGISTER, TRIMMING_BYTES),
      this._fetch(HUMIDITY_TRIMMING_REGISTER, HUMIDITY_TRIMMING_BYTES),
    );
    if (!this._trim) throw new DeviceError(ErrorCode.SENSOR_FAILED, TRIMMING_REGISTER);
    check(this._at.i2c.write(this._at.address, new Uint8Array([CTRL_HUM_REGISTER, HUMIDITY_ONCE])));
  }

  start(): ErrorCode {
    return this._at.i2c.write(this._at.address, this._start);
  }

  read(into: Float32Array, at: number): ErrorCode {
    const data = this._data;
    const status = this._readRegisters(STATUS_REGISTER, data);
    if (status !== ErrorCode.OK) return status;
    // After a power-on reset nothing is oversampled.
    if ((data[1]! & OVERSAMPLING) !== (MEASURE_ONCE & OVERSAMPLING)) return ErrorCode.SENSOR_RESTARTED;
    if (data[0]! & MEASURING) return ErrorCode.SENSOR_BUSY;
    const pressure = twentyBits(data, 4);
    const temperature = twentyBits(data, 7);
    const humidity = (data[10]! << 8) | data[11]!;
    if (temperature === NOT_MEASURED || pressure === NOT_MEASURED || humidity === HUMIDITY_NOT_MEASURED)
      return ErrorCode.SENSOR_FAILED;
    // A part that went away meanwhile leaves ones on the bus, which no checksum tells from data: is it still there?
    const presence = this._readRegisters(ID_REGISTER, this._register);
    if (presence !== ErrorCode.OK) return presence;
    if (this._register[0] !== ID) return ErrorCode.BUS_NO_ACK;
    compensate(this._trim!, temperature, humidity, pressure, into, at);
    return ErrorCode.OK;
  }

  /** Nothing to do: the part sleeps after each measurement (§3.3.3). */
  close(): void {}

  private _fetch(register: number, count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    check(this._readRegisters(register, bytes));
    return bytes;
  }

  /** §6.2.2: the register's number, then as many as follow it. */
  private _readRegisters(register: number, into: Uint8Array): ErrorCode {
    const { i2c, address } = this._at;
    this._register[0] = register;
    return i2c.write(address, this._register) || i2c.read(address, into);
  }
}

/** Most significant byte first, the last four bits unused. */
function twentyBits(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 12) | (bytes[at + 1]! << 4) | (bytes[at + 2]! >> 4);
}

function check(status: ErrorCode): void {
  if (status !== ErrorCode.OK) throw new DeviceError(status, 0);
}
