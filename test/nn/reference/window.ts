/** Output extent and padding along one axis, by the definition of SAME and VALID. */
export function along(size: number, window: number, stride: number, dilation: number, same: boolean): [number, number] {
  const reach = (window - 1) * dilation + 1;
  if (!same) return [Math.floor((size - reach) / stride) + 1, 0];
  const out = Math.ceil(size / stride);
  return [out, Math.max(0, (out - 1) * stride + reach - size) >> 1];
}
