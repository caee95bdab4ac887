/**
 * What is wrong with a part.
 * - `missing`: unplugged, and without supply
 * - `nack`: supplied, and does not answer
 * - `stuck`: holds a line of its bus low, for all who share it
 * - `bad-crc`: one bit of what it sends is turned
 * - `wrong-id`: another part sits in its place
 * - `cut`: unplugged in the middle of the next answer, and `missing` from then on
 */
export type Fault = "none" | "missing" | "nack" | "stuck" | "bad-crc" | "wrong-id" | "cut";

export const FAULTS: readonly Fault[] = ["none", "missing", "nack", "stuck", "bad-crc", "wrong-id", "cut"];

/** Physical quantities around the parts: NaN where there is no such channel. */
export interface World {
  read(channel: string, nowMs: number): number;
}
