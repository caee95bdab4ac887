import { crc8Maxim } from "../../../lib/core/crc8.js";
import type { Fault, World } from "./fault.js";
import type { OneWireChip } from "./one-wire-line.js";

// Headings are those of the datasheet 19-7487 rev. 6.

const FAMILY = 0x28;
/** A DS18S20, which has other scratchpad bytes and nine bits. */
const OTHER_FAMILY = 0x10;
/** "Configuration Register", table 2: conversion time at most by R1 R0, milliseconds. */
const CONVERSION_MS = [93.75, 187.5, 375, 750];
/** "Memory": what the EEPROM holds from the factory. */
const FACTORY = [0x4b, 0x46, 0x7f];
/** "Operation—Measuring Temperature": +85 °C. */
const POWER_ON_TEMPERATURE = 0x0550;

const enum Step {
  IDLE,
  ROM_COMMAND,
  MATCH,
  FUNCTION_COMMAND,
  WRITE,
  SEND,
}

/** How a part is wired and what it is. */
export interface Ds18b20Options {
  readonly channel?: string;
  /** Six bytes, least significant first. */
  readonly serial?: readonly number[];
  /** True where it has no supply of its own. */
  readonly isParasitic?: boolean;
}

/** A DS18B20. */
export class Ds18b20Model implements OneWireChip {
  fault: Fault = "none";
  cutAfterBytes = 3;
  readonly rom = new Uint8Array(8);

  private readonly _scratchpad = new Uint8Array(9);
  private _step: Step = Step.IDLE;
  private _at = 0;
  private _isMatch = true;
  private _sent: Uint8Array | undefined;
  private _doneMs = -1;
  private _result = 0;

  constructor(
    private readonly _world: World,
    private readonly _options: Ds18b20Options = {},
  ) {
    this.rom[0] = FAMILY;
    for (let i = 0; i < 6; i++) this.rom[i + 1] = (this._options.serial || [1, 2, 3, 4, 5, 6])[i]!;
    this.rom[7] = crc8Maxim(this.rom, 0, 7);
  }

  powerOn(): void {
    this._doneMs = -1;
    this._putTemperature(POWER_ON_TEMPERATURE);
    for (let i = 0; i < 3; i++) this._scratchpad[2 + i] = FACTORY[i]!;
    // "Memory", figure 9: reserved.
    this._scratchpad[5] = 0xff;
    this._scratchpad[6] = 0x0c;
    this._scratchpad[7] = 0x10;
    this._step = Step.IDLE;
  }

  reset(nowMs: number): void {
    this._finish(nowMs);
    this._step = Step.ROM_COMMAND;
  }

  writeByte(value: number, nowMs: number): void {
    this._finish(nowMs);
    if (this._step === Step.ROM_COMMAND) this._romCommand(value);
    else if (this._step === Step.MATCH) {
      if (value !== this.rom[this._at++]) this._isMatch = false;
      if (this._at === 8) this._step = this._isMatch ? Step.FUNCTION_COMMAND : Step.IDLE;
    } else if (this._step === Step.FUNCTION_COMMAND) this._functionCommand(value, nowMs);
    else if (this._step === Step.WRITE && this._at < 3) {
      // "Configuration Register": only R1 and R0 can be written.
      this._scratchpad[2 + this._at] = this._at === 2 ? (value & 0x60) | 0x1f : value;
      this._at++;
    }
  }

  readByte(nowMs: number): number {
    this._finish(nowMs);
    if (this._step !== Step.SEND) return 0xff;
    // "Convert T": zeros while it works, where it has a supply.
    if (this._sent === undefined) return this._doneMs >= 0 ? 0 : 0xff;
    const value = this._at < this._sent.length ? this._sent[this._at]! : 0xff;
    this._at++;
    return this.fault === "bad-crc" && this._at === 1 ? value ^ 0x20 : value;
  }

  /** "Powering the DS18B20": a conversion on parasite power needs the strong pull-up, or the part resets. */
  strongPullUp(isOn: boolean): void {
    if (this._options.isParasitic && this._doneMs >= 0 && !isOn) this.powerOn();
  }

  private _romCommand(command: number): void {
    this._at = 0;
    this._isMatch = true;
    if (command === 0x33) this._send(this._romShown());
    else if (command === 0x55) this._step = Step.MATCH;
    else this._step = command === 0xcc ? Step.FUNCTION_COMMAND : Step.IDLE;
  }

  private _functionCommand(command: number, nowMs: number): void {
    this._at = 0;
    if (command === 0x44) {
      this._result = Math.floor(this._world.read(this._options.channel || "soilTemperature", nowMs) * 16 + 0.5);
      this._doneMs = nowMs + CONVERSION_MS[(this._scratchpad[4]! >> 5) & 3]!;
      this._sent = undefined;
      this._step = Step.SEND;
    } else if (command === 0x4e) this._step = Step.WRITE;
    else if (command === 0xbe) {
      this._scratchpad[8] = crc8Maxim(this._scratchpad, 0, 8);
      this._send(this._scratchpad);
    } else if (command === 0xb4) this._send(new Uint8Array([this._options.isParasitic ? 0 : 0xff]));
    else this._step = Step.IDLE;
  }

  private _send(bytes: Uint8Array): void {
    this._sent = bytes;
    this._at = 0;
    this._step = Step.SEND;
  }

  private _romShown(): Uint8Array {
    if (this.fault !== "wrong-id") return this.rom;
    const other = new Uint8Array(8);
    other.set(this.rom);
    other[0] = OTHER_FAMILY;
    other[7] = crc8Maxim(other, 0, 7);
    return other;
  }

  private _finish(nowMs: number): void {
    if (this._doneMs < 0 || nowMs < this._doneMs) return;
    this._doneMs = -1;
    this._putTemperature(this._result);
  }

  private _putTemperature(sixteenths: number): void {
    this._scratchpad[0] = sixteenths & 0xff;
    this._scratchpad[1] = (sixteenths >> 8) & 0xff;
  }
}
