/** AES block operations (FIPS 197). Modes are composed from these, because engines' own modes are unsafe. */
export interface BlockCipher {
  /** AES-128 in ECB over whole 16-byte blocks. */
  encryptBlocks(key: Uint8Array, blocks: Uint8Array): Uint8Array;
}
