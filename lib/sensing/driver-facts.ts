/** Current of a part, and where the figures come from. */
export interface SensorEnergy {
  /** Mean current of a measurement, microamperes. */
  readonly activeMicroamps: number;
  /** How long it flows in one measurement, milliseconds, typically. */
  readonly activeMs: number;
  /** Current between measurements, microamperes. */
  readonly idleMicroamps: number;
  readonly source: string;
}

/** What a driver's author knows of the part, for documents and energy budgets. Bundles leave it out. */
export interface DriverFacts {
  /** Name of the driver's file. */
  readonly driver: string;
  /** What it is for. */
  readonly part: string;
  readonly bus: "I2C" | "SPI" | "UART" | "1-Wire" | "analog" | "pulses";
  /** Undefined where it depends on what is wired. */
  readonly energy?: SensorEnergy;
  /** What constants, delays and formulas are from: a document with number and revision, or a calibration. */
  readonly datasheet: string;
  /** Faults that this driver cannot see. */
  readonly blindTo: string;
}
