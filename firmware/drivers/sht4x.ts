import { crc8Nrsc5 } from "../../lib/core/crc8.js";
import { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import type { I2c } from "../../lib/hal/i2c.js";
import type { DriverFacts } from "../../lib/sensing/driver-facts.js";
import type { Channel, SensorDriver } from "../../lib/sensing/sensor.js";

// Sensirion SHT40, SHT41, SHT43, SHT45: air temperature and relative humidity. Sections are those of the datasheet
// "SHT4x", version 6 (February 2023).

/** §4.5: high precision, without heater. */
const MEASURE = 0xfd;
/** §4.5, §4.7: two words that no other part has. */
const READ_SERIAL = 0x89;
/** §4.3, §4.4: two words, each with its checksum behind it. */
const ANSWER_BYTES = 6;
/** §3.2: 8.3 ms at most with high repeatability. Until then the part does not acknowledge a read (§4.1). */
const CONVERSION_MS = 9;
/** The serial number is ready within a millisecond; a read that is not acknowledged takes a tenth at 100 kHz. */
const SERIAL_TRIES = 20;

export const sht4xFacts: DriverFacts = {
  driver: "sht4x",
  part: "Sensirion SHT40, SHT41, SHT43, SHT45: air temperature, humidity",
  bus: "I2C",
  energy: { activeMicroamps: 320, activeMs: 6.9, idleMicroamps: 0.08, source: "datasheet §3.1, §3.2" },
  datasheet: "SHT4x version 6",
  blindTo: "dew on the sensor, which reads as 100 %RH until it has dried",
};

/** One SHT4x, measuring with high precision. Its address is fixed by its order code: 0x44, 0x45 or 0x46. */
export class Sht4x implements SensorDriver {
  readonly channels: readonly Channel[] = [
    { name: "airTemperature", unit: "Cel", min: -40, max: 125 },
    { name: "relativeHumidity", unit: "%RH", min: 0, max: 100 },
  ];
  readonly warmUpMs = 0;
  readonly conversionMs = CONVERSION_MS;

  private readonly _command = new Uint8Array(1);
  private readonly _answer = new Uint8Array(ANSWER_BYTES);

  constructor(private readonly _at: { readonly i2c: I2c; readonly address: number }) {}

  /** There is no chip id: a serial number whose checksums are right is taken for one, and another part has none. */
  open(): void {
    let status = this._send(READ_SERIAL);
    if (status === ErrorCode.OK) {
      status = ErrorCode.BUS_NO_ACK;
      for (let i = 0; i < SERIAL_TRIES && status === ErrorCode.BUS_NO_ACK; i++) status = this._receive();
    }
    if (status !== ErrorCode.OK) throw new DeviceError(status, 0);
  }

  start(): ErrorCode {
    return this._send(MEASURE);
  }

  read(into: Float32Array, at: number): ErrorCode {
    const status = this._receive();
    if (status !== ErrorCode.OK) return status;
    // §4.6. Humidity beyond the ends is noise or dew, and is cut.
    const humidity = -6 + (125 * this._word(3)) / 65535;
    into[at] = -45 + (175 * this._word(0)) / 65535;
    into[at + 1] = humidity > 100 ? 100 : humidity < 0 ? 0 : humidity;
    return ErrorCode.OK;
  }

  /** Nothing to do: the part idles after each measurement. */
  close(): void {}

  private _send(command: number): ErrorCode {
    this._command[0] = command;
    return this._at.i2c.write(this._at.address, this._command);
  }

  private _receive(): ErrorCode {
    const answer = this._answer;
    const status = this._at.i2c.read(this._at.address, answer);
    if (status !== ErrorCode.OK) return status;
    // §4.4.
    return crc8Nrsc5(answer, 0, 2) === answer[2] && crc8Nrsc5(answer, 3, 5) === answer[5]
      ? ErrorCode.OK
      : ErrorCode.SENSOR_CHECKSUM;
  }

  private _word(at: number): number {
    return (this._answer[at]! << 8) | this._answer[at + 1]!;
  }
}
