import { crc8Nrsc5 } from "../../../lib/core/crc8.js";
import type { Fault, World } from "./fault.js";
import type { I2cChip } from "./i2c-wire.js";

/** Power-up time and soft reset, milliseconds: datasheet "SHT4x" version 6, §3.2. Sections are of that. */
const START_UP_MS = 1;
/** §3.2: measurement durations at most, milliseconds, by command (§4.5). */
const DURATION_MS: { readonly [command: number]: number } = { 0xfd: 8.3, 0xf6: 4.5, 0xe0: 1.6 };
const READ_SERIAL = 0x89;
const SOFT_RESET = 0x94;
/** Reads of the serial number that come too early: its time to get ready is shorter than a clock in milliseconds tells. */
const EARLY_READS = 2;

/** An SHT4x. */
export class Sht4xModel implements I2cChip {
  fault: Fault = "none";
  cutAfterBytes = 4;

  private readonly _answer = new Uint8Array(6);
  private _hasAnswer = false;
  private _readyMs = 0;
  private _early = 0;
  private _upMs = 0;

  constructor(
    private readonly _world: World,
    readonly address = 0x44,
    private readonly _serial = 0x0f123456,
  ) {}

  powerOn(nowMs: number): void {
    this._hasAnswer = false;
    this._readyMs = 0;
    this._upMs = nowMs + START_UP_MS;
  }

  write(bytes: Uint8Array, nowMs: number): boolean {
    if (nowMs < this._upMs || nowMs < this._readyMs) return false;
    const command = bytes[0]!;
    const durationMs = DURATION_MS[command];
    if (command === SOFT_RESET) this.powerOn(nowMs);
    else if (command === READ_SERIAL) {
      this._early = EARLY_READS;
      this._put(this._serial >>> 16, this._serial & 0xffff);
    } else if (durationMs !== undefined) {
      this._readyMs = nowMs + durationMs;
      // §4.6, the other way round.
      const t = (this._world.read("airTemperature", nowMs) + 45) / 175;
      const rh = (this._world.read("relativeHumidity", nowMs) + 6) / 125;
      this._put(word(t), word(rh));
    }
    return true;
  }

  /** §4.1: a read is acknowledged when there is an answer, once. */
  read(into: Uint8Array, nowMs: number): boolean {
    if (this.fault === "wrong-id") return fillWithLight(into);
    if (nowMs < this._upMs || nowMs < this._readyMs || !this._hasAnswer) return false;
    if (this._early > 0) {
      this._early--;
      return false;
    }
    for (let i = 0; i < into.length; i++) into[i] = i < 6 ? this._answer[i]! : 0xff;
    if (this.fault === "bad-crc") into[1] = into[1]! ^ 0x04;
    this._hasAnswer = false;
    return true;
  }

  private _put(first: number, second: number): void {
    const answer = this._answer;
    answer[0] = first >> 8;
    answer[1] = first & 0xff;
    answer[2] = crc8Nrsc5(answer, 0, 2);
    answer[3] = second >> 8;
    answer[4] = second & 0xff;
    answer[5] = crc8Nrsc5(answer, 3, 5);
    this._hasAnswer = true;
  }
}

function word(fraction: number): number {
  const value = Math.floor(fraction * 65535 + 0.5);
  return value < 0 ? 0 : value > 65535 ? 65535 : value;
}

/** An OPT3001, which measures light and has the same address: two bytes, and no checksum. */
function fillWithLight(into: Uint8Array): boolean {
  for (let i = 0; i < into.length; i++) into[i] = i % 2 ? 0x2a : 0x31;
  return true;
}
