/**
 * A copy of an object with everything it holds, `leaf` excepted: a device in the middle of its life, to be run many
 * times from there. Works for plain classes, arrays and typed arrays, which is all that device code is made of.
 */
export function cloneDevice<Device>(device: Device, leaf: object): Device {
  const copies = new Map<object, object>([[leaf, leaf]]);
  return copyValue(device, copies) as Device;
}

function copyValue(value: unknown, copies: Map<object, object>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (value instanceof ArrayBuffer) {
    const copy = value.slice(0);
    copies.set(value, copy);
    return copy;
  }
  if (ArrayBuffer.isView(value)) {
    // Views of one buffer stay views of one buffer.
    const buffer = copyValue(value.buffer, copies) as ArrayBuffer;
    const View = value.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => object;
    const copy = new View(buffer, value.byteOffset, (value as Uint8Array).length);
    copies.set(value, copy);
    return copy;
  }
  const copy: object = Array.isArray(value) ? [] : (Object.create(Object.getPrototypeOf(value) as object) as object);
  copies.set(value, copy);
  for (const key of Object.keys(value)) {
    (copy as Record<string, unknown>)[key] = copyValue((value as Record<string, unknown>)[key], copies);
  }
  return copy;
}
