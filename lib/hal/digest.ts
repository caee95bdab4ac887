/** SHA-256 (FIPS 180-4) where the engine has it natively. */
export interface Digest {
  /** Returns 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
}
