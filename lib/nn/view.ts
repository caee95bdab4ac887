import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";

/** A typed array's constructor. */
export type ViewType<View> = new (buffer: ArrayBuffer, at: number, count: number) => View;

/**
 * A view of `count` elements of `elementBytes` each, at a position of a memory that comes whole or in pieces of 65,536
 * bytes.
 * @throws DeviceError PACK_STRUCTURE where the view would be empty, not aligned or not within one piece
 */
export function viewOf<View>(
  pieces: readonly ArrayBuffer[],
  Type: ViewType<View>,
  elementBytes: number,
  at: number,
  count: number,
): View {
  let buffer = pieces[0];
  let start = at;
  if (pieces.length > 1) {
    buffer = pieces[at >>> 16];
    start &= 65535;
  }
  if (!buffer || start < 0 || count < 1 || start % elementBytes || start + count * elementBytes > buffer.byteLength) {
    throw new DeviceError(ErrorCode.PACK_STRUCTURE, at);
  }
  return new Type(buffer, start, count);
}
