import type { ErrorCode } from "./error-code.js";

/**
 * Thrown by setup code (`open`, `prepare`, readers of packs and settings), never in the running loop, where a status
 * is returned. Not a subclass of Error: ES5 output would pull inheritance helpers into every bundle.
 */
export class DeviceError {
  readonly message: string;

  /** @param detail one number that narrows the cause: an offset, an operator, a size */
  constructor(
    readonly code: ErrorCode,
    readonly detail: number,
  ) {
    this.message = "E" + code + ":" + detail;
  }
}
