/** Where a run of flash pages lies, by the addresses of the board's firmware. */
export interface FlashRange {
  readonly address: number;
  readonly pageBytes: number;
  readonly pages: number;
}

/**
 * A run of NOR flash pages owned by one user. Erased bits are ones; a write can only clear bits; only a whole page is
 * set back. Addresses are bytes from the start of the region.
 */
export interface FlashRegion {
  readonly pageBytes: number;
  readonly pageCount: number;
  /** Writes begin and end at multiples of this. */
  readonly writeUnitBytes: number;
  /** How often one write unit may be written between erases (1: never again; 2 or more: bits may be cleared later). */
  readonly rewritesPerWord: number;
  read(address: number, into: Uint8Array, count: number): void;
  /** Throws a DeviceError where the hardware refuses; a power cut inside leaves any part of it written. */
  write(address: number, bytes: Uint8Array, count: number): void;
  erasePage(page: number): void;
}
