import type { FlashOperation, TornForm } from "../flash/torn-form.js";
import type { SimulatedFlash, SimulatedFlashOptions } from "../flash/simulated-flash.js";

/**
 * What must be true of a device after any power cut, kept beside it while it runs. A model notes what it is about to
 * do before it asks the device to do it, so after a cut it knows what may have happened and what must have.
 */
export interface Model<Device> {
  clone(): Model<Device>;
  /** Runs a step of the scenario, and returns the device that goes on: another one after a reboot. */
  step(index: number, device: Device, open: () => Device): Device;
  /** Runs a step of what follows a cut. */
  aftermath(index: number, device: Device): void;
  /**
   * Compares a device that has just been opened with what it may hold, and takes that over.
   * @param eraseCuts power cuts that fell into an erase, or between it and the page head that vouches for it
   */
  check(device: Device, flash: SimulatedFlash, eraseCuts: number): string[];
}

/** A device and a scenario for it. */
export interface Subject<Device> {
  readonly name: string;
  readonly flash: SimulatedFlashOptions;
  readonly steps: number;
  readonly aftermathSteps: number;
  open(flash: SimulatedFlash): Device;
  model(): Model<Device>;
  /** False for forms of a first cut that need not be tried: of long writes there are as many as bytes. All where absent. */
  isTried?(form: TornForm, operation: FlashOperation): boolean;
}
