import {
  centidegrees,
  fineTemperature,
  firstCount,
  humidity1024,
  pascal,
  type Trimming,
} from "./bme280-fixed-point.js";
import type { Fault, World } from "./fault.js";
import type { I2cChip } from "./i2c-wire.js";

/** Temperature and pressure: the example of the BMP280's datasheet (BST-BMP280-DS001-23, §3.12). Humidity: one part's. */
export const EXAMPLE_TRIMMING: Trimming = {
  t: [27504, 26435, -1000],
  p: [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000],
  h: [75, 362, 0, 316, 50, 30],
};

const ID = 0x60;
const BMP280_ID = 0x58;
/** Datasheet §1, table 1: time from supply to the first transfer. */
const START_UP_MS = 2;
const STANDARD_PRESSURE_PA = 101325;
const OVERSAMPLING = [0, 1, 2, 4, 8, 16, 16, 16];

/** A BME280 as BST-BME280-DS002-15 rev. 1.6 describes it. Sections are of that. */
export class Bme280Model implements I2cChip {
  fault: Fault = "none";
  cutAfterBytes = 5;

  private readonly _registers = new Uint8Array(256);
  private _pointer = 0;
  private _upMs = 0;
  private _doneMs = -1;
  private _startMs = 0;
  /** ctrl_hum, as it counts: taken over with each write to ctrl_meas (§5.4.3). */
  private _humidityTimes = 0;

  constructor(
    private readonly _world: World,
    readonly address = 0x76,
    private readonly _trimming: Trimming = EXAMPLE_TRIMMING,
  ) {}

  powerOn(nowMs: number): void {
    const registers = this._registers;
    for (let i = 0; i < registers.length; i++) registers[i] = 0;
    registers[0xd0] = ID;
    // §5.3, table 18: reset values of data registers.
    registers[0xf7] = registers[0xfa] = registers[0xfd] = 0x80;
    this._putTrimming();
    this._doneMs = -1;
    this._upMs = nowMs + START_UP_MS;
  }

  /** §6.2.1: pairs of register and value. A single byte sets where reading begins. */
  write(bytes: Uint8Array, nowMs: number): boolean {
    if (nowMs < this._upMs) return false;
    this._finish(nowMs);
    this._pointer = bytes[0]!;
    for (let i = 0; i + 1 < bytes.length; i += 2) this._put(bytes[i]!, bytes[i + 1]!, nowMs);
    return true;
  }

  /** §6.2.2: registers from there on. */
  read(into: Uint8Array, nowMs: number): boolean {
    if (nowMs < this._upMs) return false;
    this._finish(nowMs);
    const registers = this._registers;
    registers[0xd0] = this.fault === "wrong-id" ? BMP280_ID : ID;
    registers[0xf3] = this._doneMs >= 0 ? 0x08 : 0;
    for (let i = 0; i < into.length; i++) into[i] = registers[(this._pointer + i) & 0xff]!;
    if (this.fault === "bad-crc") into[0] = into[0]! ^ 0x10;
    return true;
  }

  private _put(register: number, value: number, nowMs: number): void {
    if (register === 0xe0 && value === 0xb6) this.powerOn(nowMs);
    if (register !== 0xf2 && register !== 0xf4 && register !== 0xf5) return;
    this._registers[register] = value;
    if (register !== 0xf4) return;
    this._humidityTimes = OVERSAMPLING[this._registers[0xf2]! & 7]!;
    const mode = value & 3;
    if (mode === 0 || this._doneMs >= 0) return;
    this._startMs = nowMs;
    this._doneMs = nowMs + this._durationMs();
  }

  /** §9.1, the longest. */
  private _durationMs(): number {
    const pressureTimes = this._pressureTimes();
    return (
      1.25 +
      2.3 * this._temperatureTimes() +
      (pressureTimes ? 2.3 * pressureTimes + 0.575 : 0) +
      (this._humidityTimes ? 2.3 * this._humidityTimes + 0.575 : 0)
    );
  }

  private _temperatureTimes(): number {
    return OVERSAMPLING[this._registers[0xf4]! >> 5]!;
  }

  private _pressureTimes(): number {
    return OVERSAMPLING[(this._registers[0xf4]! >> 2) & 7]!;
  }

  /** Puts the counts that a measurement of the present air gives, once its time is over. */
  private _finish(nowMs: number): void {
    if (this._doneMs < 0 || nowMs < this._doneMs) return;
    this._doneMs = -1;
    this._registers[0xf4] = this._registers[0xf4]! & 0xfc;
    const trim = this._trimming;
    const wanted = this._world.read("airTemperature", this._startMs) * 100;
    const adcT = firstCount(20, (count) => centidegrees(fineTemperature(trim, count)) >= wanted);
    const fine = fineTemperature(trim, adcT);
    const air = this._world.read("airPressure", this._startMs);
    const pressurePa = air === air ? air : STANDARD_PRESSURE_PA;
    const adcP = firstCount(20, (count) => pascal(trim, fine, count) <= pressurePa);
    const percent = this._world.read("relativeHumidity", this._startMs);
    const adcH = firstCount(16, (count) => humidity1024(trim, fine, count) >= percent * 1024);
    this._putTwenty(0xf7, this._pressureTimes() ? adcP : 0x80000);
    this._putTwenty(0xfa, this._temperatureTimes() ? adcT : 0x80000);
    this._registers[0xfd] = (this._humidityTimes ? adcH : 0x8000) >> 8;
    this._registers[0xfe] = (this._humidityTimes ? adcH : 0x8000) & 0xff;
  }

  private _putTwenty(register: number, count: number): void {
    this._registers[register] = count >> 12;
    this._registers[register + 1] = (count >> 4) & 0xff;
    this._registers[register + 2] = (count << 4) & 0xff;
  }

  /** §4.2.2, table 16. */
  private _putTrimming(): void {
    const { t, p, h } = this._trimming;
    const words = t.concat(p);
    for (let i = 0; i < words.length; i++) this._putWord(0x88 + 2 * i, words[i]!);
    const registers = this._registers;
    registers[0xa1] = h[0]!;
    this._putWord(0xe1, h[1]!);
    registers[0xe3] = h[2]!;
    registers[0xe4] = (h[3]! >> 4) & 0xff;
    registers[0xe5] = (h[3]! & 0x0f) | ((h[4]! & 0x0f) << 4);
    registers[0xe6] = (h[4]! >> 4) & 0xff;
    registers[0xe7] = h[5]! & 0xff;
  }

  private _putWord(register: number, word: number): void {
    this._registers[register] = word & 0xff;
    this._registers[register + 1] = (word >> 8) & 0xff;
  }
}
