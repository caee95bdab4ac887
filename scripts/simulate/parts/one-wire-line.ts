import type { Fault } from "./fault.js";

/** A part that is found again has been plugged in for so long: nobody does it within a transfer. */
const PLUGGED_MS = 1000;

/** A part on a 1-Wire line, byte by byte. */
export interface OneWireChip {
  fault: Fault;
  /** Bytes of the next answer that come through before the cable is cut. */
  cutAfterBytes: number;
  powerOn(nowMs: number): void;
  reset(nowMs: number): void;
  writeByte(value: number, nowMs: number): void;
  /** Ones where it has nothing to say. */
  readByte(nowMs: number): number;
  /** Whether the master drives the line high from now on, or lets a resistor do it. */
  strongPullUp(isOn: boolean, nowMs: number): void;
}

/** One line with a pull-up, and the parts on it: a bit is one where all let go. Written as device code. */
export class OneWireLine {
  private readonly _chips: OneWireChip[] = [];
  private readonly _wasMissing: boolean[] = [];

  attach(chip: OneWireChip): void {
    this._chips.push(chip);
    this._wasMissing.push(false);
    chip.powerOn(-PLUGGED_MS);
  }

  /** The supply of all parts goes and comes back. */
  powerCycle(): void {
    for (let i = 0; i < this._wasMissing.length; i++) this._wasMissing[i] = true;
  }

  /** True for a presence pulse. The master's `reset` takes a line that stays low for one. */
  reset(nowMs: number): boolean {
    this._lookForPower(nowMs);
    let isPresent = this._isStuck();
    for (let i = 0; i < this._chips.length; i++) {
      if (!this._answers(i)) continue;
      this._chips[i]!.reset(nowMs);
      isPresent = true;
    }
    return isPresent;
  }

  write(bytes: ArrayLike<number>, keepPower: boolean, nowMs: number): void {
    this._lookForPower(nowMs);
    for (let i = 0; i < this._chips.length; i++) {
      if (!this._answers(i)) continue;
      for (let j = 0; j < bytes.length; j++) this._chips[i]!.writeByte(bytes[j]!, nowMs);
      this._chips[i]!.strongPullUp(keepPower, nowMs);
    }
  }

  read(into: Uint8Array, nowMs: number): void {
    this._lookForPower(nowMs);
    for (let j = 0; j < into.length; j++) into[j] = this._isStuck() ? 0 : 0xff;
    for (let i = 0; i < this._chips.length; i++) {
      const chip = this._chips[i]!;
      for (let j = 0; j < into.length && this._answers(i); j++) {
        if (chip.fault === "cut" && j >= chip.cutAfterBytes) {
          chip.fault = "missing";
          this._wasMissing[i] = true;
        } else into[j] = into[j]! & chip.readByte(nowMs);
      }
    }
  }

  private _lookForPower(nowMs: number): void {
    for (let i = 0; i < this._chips.length; i++) {
      if (this._chips[i]!.fault === "missing") this._wasMissing[i] = true;
      else if (this._wasMissing[i]) {
        this._wasMissing[i] = false;
        this._chips[i]!.powerOn(nowMs - PLUGGED_MS);
      }
    }
  }

  private _answers(chip: number): boolean {
    const { fault } = this._chips[chip]!;
    return fault !== "missing" && fault !== "nack";
  }

  private _isStuck(): boolean {
    for (let i = 0; i < this._chips.length; i++) if (this._chips[i]!.fault === "stuck") return true;
    return false;
  }
}
