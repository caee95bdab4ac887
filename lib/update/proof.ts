import type { Digest } from "../hal/digest.js";

/** An envelope that is being verified. */
export interface OpenEnvelope {
  /** The manifest's place in the bytes. Not to be trusted before `step` has returned OK. */
  readonly payloadAt: number;
  readonly payloadEnd: number;
  /** Place of the key that signed among those given; -1 where it is none of them. */
  readonly signer: number;
  /** Does a part of the work. @returns MORE, OK or why the envelope is refused */
  step(): number;
}

/** What proves an update to a device: `sertao:proof`, a signature where the firmware has SHA-256, else a MAC. */
export interface Proof {
  readonly digest: Digest;
  /**
   * @param keys trusted public keys
   * @param bytes the envelope, in RAM; may be spoilt but for the manifest
   */
  open(keys: readonly Uint8Array[], bytes: Uint8Array): OpenEnvelope;
}
