import type { ErrorCode } from "../../lib/core/error-code.js";

/** What a number that a device reports means. */
export interface DeviceErrorText {
  readonly code: ErrorCode;
  /** Its name in lib/core/error-code.ts. */
  readonly name: string;
  readonly cause: string;
  readonly remedy: string;
}

export function text(code: ErrorCode, name: string, cause: string, remedy: string): DeviceErrorText {
  return { code, name, cause, remedy };
}
