import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { NativePrimitives } from "../hal/native-primitives.js";

/** More than any board here has; a pack that asks for more is refused before the engine is asked. */
const GREATEST_BYTES = 8388608;
const ATTEMPTS = 8;

/**
 * A zeroed buffer for tensors. Where the engine can tell, it is asked again until the buffer is one contiguous block:
 * native loops over a scattered one are thirty times slower.
 * @throws DeviceError PACK_TOO_BIG
 */
export function allocate(bytes: number, native: NativePrimitives | undefined): ArrayBuffer {
  if (bytes > GREATEST_BYTES) throw new DeviceError(ErrorCode.PACK_TOO_BIG, bytes);
  const scattered: ArrayBuffer[] = [];
  let buffer = new ArrayBuffer(bytes);
  if (native && bytes) {
    while (scattered.length < ATTEMPTS && !native.isFlat(new Uint8Array(buffer))) {
      // Held until the search ends, or the engine would offer the same blocks again.
      scattered.push(buffer);
      buffer = new ArrayBuffer(bytes);
    }
  }
  return buffer;
}
