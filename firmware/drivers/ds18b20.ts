import { crc8Maxim } from "../../lib/core/crc8.js";
import { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import type { OneWire } from "../../lib/hal/one-wire.js";
import type { DriverFacts } from "../../lib/sensing/driver-facts.js";
import type { Channel, SensorDriver } from "../../lib/sensing/sensor.js";

// Maxim (Analog Devices) DS18B20: temperature of soil, water, walls. Headings are those of the datasheet 19-7487,
// revision 6.

type Command = readonly number[];

/** "ROM Commands". */
const READ_ROM: Command = [0x33];
const MATCH_ROM: Command = [0x55];
const SKIP_ROM: Command = [0xcc];
/** "64-Bit Lasered ROM Code": family, serial number, CRC. */
const ROM_BYTES = 8;
const FAMILY = 0x28;
/** "Memory", figure 9: temperature, TH, TL, configuration, three reserved bytes, CRC. */
const SCRATCHPAD_BYTES = 9;
/** "Configuration Register", figure 10 and table 2: 12 bits. The other bits read 0 and, the last five, 1. */
const TWELVE_BITS = 0x7f;
/** "AC Electrical Characteristics", t_CONV at 12 bits. */
const CONVERSION_MS = 750;

/**
 * The alarm registers TH and TL hold a mark of ours. They are not copied to EEPROM, so a power-on reset takes the mark
 * away ("Memory"): then the temperature register holds +85 °C ("Operation—Measuring Temperature", table 1, note), which is
 * no measurement. This tells it from a true 85 °C.
 */
const MARK_HIGH = 0x5a;
const MARK_LOW = 0xa5;

/** "DS18B20 Function Commands", table 3. */
const CONVERT: Command = [0x44];
const WRITE_SCRATCHPAD: Command = [0x4e, MARK_HIGH, MARK_LOW, TWELVE_BITS];
const READ_SCRATCHPAD: Command = [0xbe];
const READ_POWER_SUPPLY: Command = [0xb4];

export const ds18b20Facts: DriverFacts = {
  driver: "ds18b20",
  part: "DS18B20: temperature by cable, of soil or water",
  bus: "1-Wire",
  energy: {
    activeMicroamps: 1000,
    activeMs: 750,
    idleMicroamps: 0.75,
    source: "datasheet, DC Electrical Characteristics (I_DD, I_DDS) and t_CONV at its maximum",
  },
  datasheet: "19-7487 rev. 6",
  blindTo: "a conversion command lost on the line, after which the value before is read again",
};

/** Where a DS18B20 hangs. */
export interface Ds18b20Place {
  readonly wire: OneWire;
  /** Its 64-bit code, needed where several parts share the line; first byte 0x28. */
  readonly rom?: Uint8Array;
}

/**
 * One DS18B20 with 12 bits. A part without a supply of its own (parasite power) lives on the line during its conversion:
 * the line is then driven high, and must have no other part to talk to.
 */
export class Ds18b20 implements SensorDriver {
  readonly channels: readonly Channel[];
  readonly warmUpMs = 0;
  readonly conversionMs = CONVERSION_MS;

  private readonly _scratchpad = new Uint8Array(SCRATCHPAD_BYTES);
  private _isParasitic = false;

  /** @param name of the channel */
  constructor(
    private readonly _at: Ds18b20Place,
    name = "soilTemperature",
  ) {
    this.channels = [{ name, unit: "Cel", min: -55, max: 125 }];
  }

  open(): void {
    const rom = this._at.rom || this._readRom();
    if (crc8Maxim(rom, 0, ROM_BYTES)) throw new DeviceError(ErrorCode.SENSOR_CHECKSUM, 0);
    // A line shorted to ground reads as zeros, whose checksum is right: no family is 0.
    if (rom[0] !== FAMILY) throw new DeviceError(ErrorCode.SENSOR_UNKNOWN, rom[0]!);
    this._require(READ_POWER_SUPPLY);
    const supply = new Uint8Array(1);
    this._at.wire.read(supply);
    // "Read Power Supply": parts on parasite power pull the line low.
    this._isParasitic = !(supply[0]! & 1);
    this._require(WRITE_SCRATCHPAD);
    const status = this._readScratchpad();
    if (status !== ErrorCode.OK) throw new DeviceError(status, 0);
  }

  start(): ErrorCode {
    return this._send(CONVERT, this._isParasitic);
  }

  read(into: Float32Array, at: number): ErrorCode {
    const status = this._readScratchpad();
    if (status !== ErrorCode.OK) return status;
    // "Operation—Measuring Temperature", figure 4: sixteenths of a degree, in two's complement.
    into[at] = (((this._scratchpad[1]! << 24) >> 16) | this._scratchpad[0]!) / 16;
    return ErrorCode.OK;
  }

  /** Nothing to do: the part idles after each conversion. */
  close(): void {}

  private _readRom(): Uint8Array {
    const rom = new Uint8Array(ROM_BYTES);
    const { wire } = this._at;
    if (!wire.reset()) throw new DeviceError(ErrorCode.BUS_NO_ACK, 0);
    wire.write(READ_ROM, false);
    wire.read(rom);
    return rom;
  }

  private _readScratchpad(): ErrorCode {
    const bytes = this._scratchpad;
    const status = this._send(READ_SCRATCHPAD, false);
    if (status !== ErrorCode.OK) return status;
    this._at.wire.read(bytes);
    if (crc8Maxim(bytes, 0, SCRATCHPAD_BYTES)) return ErrorCode.SENSOR_CHECKSUM;
    // Zeros, see above.
    if (!bytes[4]) return ErrorCode.BUS_STUCK;
    return bytes[2] === MARK_HIGH && bytes[3] === MARK_LOW && bytes[4] === TWELVE_BITS
      ? ErrorCode.OK
      : ErrorCode.SENSOR_RESTARTED;
  }

  private _require(bytes: Command): void {
    const status = this._send(bytes, false);
    if (status !== ErrorCode.OK) throw new DeviceError(status, 0);
  }

  private _send(bytes: Command, keepPower: boolean): ErrorCode {
    const { wire, rom } = this._at;
    if (!wire.reset()) return ErrorCode.BUS_NO_ACK;
    if (rom) {
      wire.write(MATCH_ROM, false);
      wire.write(rom, false);
    } else wire.write(SKIP_ROM, false);
    wire.write(bytes, keepPower);
    return ErrorCode.OK;
  }
}
