import type { Fault } from "./fault.js";

/** A part that is found again has been plugged in for so long: nobody does it within a transfer. */
const PLUGGED_MS = 1000;

/** How a transfer ended: acknowledged, not acknowledged, or with a line that nobody let go. */
export type I2cOutcome = "ok" | "nack" | "stuck";

/** A part on the bus, as it sees the bus: whole transfers, from START to STOP. */
export interface I2cChip {
  readonly address: number;
  fault: Fault;
  /** Bytes of the next answer that come through before the cable is cut. */
  cutAfterBytes: number;
  /** The supply comes: everything volatile is as after a reset. */
  powerOn(nowMs: number): void;
  /** False where it does not acknowledge. */
  write(bytes: Uint8Array, nowMs: number): boolean;
  /** False where it does not acknowledge; fills all of `into` otherwise. */
  read(into: Uint8Array, nowMs: number): boolean;
}

/** Two lines with pull-ups, and the parts on them. Written as device code, so that it runs in any engine. */
export class I2cWire {
  private readonly _chips: I2cChip[] = [];
  private readonly _wasMissing: boolean[] = [];

  attach(chip: I2cChip): void {
    this._chips.push(chip);
    this._wasMissing.push(false);
    chip.powerOn(-PLUGGED_MS);
  }

  /** The supply of all parts goes and comes back. */
  powerCycle(): void {
    for (let i = 0; i < this._wasMissing.length; i++) this._wasMissing[i] = true;
  }

  write(address: number, bytes: Uint8Array, nowMs: number): I2cOutcome {
    const chip = this._find(address, nowMs);
    if (this._isStuck()) return "stuck";
    return chip !== undefined && chip.write(bytes, nowMs) ? "ok" : "nack";
  }

  read(address: number, into: Uint8Array, nowMs: number): I2cOutcome {
    const chip = this._find(address, nowMs);
    if (this._isStuck()) return "stuck";
    if (chip === undefined || !chip.read(into, nowMs)) return "nack";
    if (chip.fault === "cut") {
      // The master acknowledges what it reads, so it does not notice: pull-ups read as ones.
      for (let i = chip.cutAfterBytes; i < into.length; i++) into[i] = 0xff;
      chip.fault = "missing";
      this._lostPower(chip);
    }
    return "ok";
  }

  private _find(address: number, nowMs: number): I2cChip | undefined {
    let found: I2cChip | undefined;
    for (let i = 0; i < this._chips.length; i++) {
      const chip = this._chips[i]!;
      if (chip.fault === "missing") this._wasMissing[i] = true;
      else if (this._wasMissing[i]) {
        this._wasMissing[i] = false;
        chip.powerOn(nowMs - PLUGGED_MS);
      }
      if (chip.address === address && chip.fault !== "missing" && chip.fault !== "nack") found = chip;
    }
    return found;
  }

  private _lostPower(chip: I2cChip): void {
    this._wasMissing[this._chips.indexOf(chip)] = true;
  }

  private _isStuck(): boolean {
    for (let i = 0; i < this._chips.length; i++) if (this._chips[i]!.fault === "stuck") return true;
    return false;
  }
}
