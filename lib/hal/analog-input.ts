/** A pin with an analog-to-digital converter behind it. */
export interface AnalogInput {
  /**
   * The voltage as a fraction of the converter's full scale, 0 to 1; NaN where the pin has no converter. What full scale
   * is in volts differs from chip to chip, and the ends of the range are not linear: calibrate (docs/sensors.md).
   */
  read(): number;
}
