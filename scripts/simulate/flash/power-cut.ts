/** Thrown by simulated flash when the power goes. Whatever ran is gone; only the flash's image goes on. */
export class PowerCut extends Error {
  override readonly name = "PowerCut";

  constructor(readonly operation: number) {
    super(`power cut at flash operation ${operation}`);
  }
}
