/**
 * Master of a 1-Wire line (Maxim/Analog Devices). Bytes travel least significant bit first. Nothing but the presence
 * pulse tells a fault, so everything read needs its checksum. A line shorted to ground looks present and reads zeros,
 * which pass a CRC that begins with zero.
 */
export interface OneWire {
  /** Resets all parts. True where at least one answers (presence pulse), or the line is shorted. */
  reset(): boolean;
  /** @param keepPower drives the line high afterwards, for parts that live on it (parasite power) */
  write(bytes: ArrayLike<number>, keepPower: boolean): void;
  /** Fills all of `into`; ones where nobody answers. */
  read(into: Uint8Array): void;
}
