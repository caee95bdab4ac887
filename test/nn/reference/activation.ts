/** What a fused activation lets through: NONE, RELU, RELU_N1_TO_1, RELU6. */
export function clamps(activation: number, scaleOut: number, zero: number): [number, number] {
  const at = (real: number): number => {
    const value = Math.fround(real / scaleOut);
    return Math.max(-128, Math.min(127, zero + Math.sign(value) * Math.round(Math.abs(value))));
  };
  if (activation === 1) return [at(0), 127];
  if (activation === 2) return [at(-1), at(1)];
  return activation === 3 ? [at(0), at(6)] : [-128, 127];
}
