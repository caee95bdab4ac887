/** A pin that switches something: the supply of a sensor, for one. */
export interface DigitalOutput {
  set(isHigh: boolean): void;
}
