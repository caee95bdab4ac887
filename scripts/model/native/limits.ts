/** Espruino places no view, and reads no position of a table, beyond this. */
export const GREATEST_OFFSET = 65535;

/** Most windows that the fast forms do in one go: more save little, and a step must not take long. */
export const FAST_WINDOWS = 128;

/** Windows whose views a lean convolution keeps while it multiplies them. */
export const LEAN_WINDOWS = 32;

/** Most outputs of a channel that the lean depthwise form does in one go. */
export const LEAN_OUTPUTS = 512;
