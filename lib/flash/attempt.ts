import type { DeviceError } from "../core/device-error.js";
import type { ErrorCode } from "../core/error-code.js";

/** Runs what may meet a flash that refuses. Returns its status, or the code of the flash's DeviceError. */
export function attempt(run: () => ErrorCode): ErrorCode {
  try {
    return run();
  } catch (error) {
    const { code } = error as DeviceError;
    if (code > 0) return code;
    throw error;
  }
}
