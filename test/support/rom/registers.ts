import type { ChipKind } from "./chip-kinds.js";

const MAGIC_REGISTER = 0x40001000;
const SPI_USER_COMMAND = 1 << 18;
const READ_ID = 0x9f;

/** Registers of a chip: the magic number, and the SPI peripheral as far as reading a flash's id needs it. */
export class Registers {
  readonly #values = new Map<number, number>();
  readonly #kind: ChipKind;
  readonly #flashId: number;

  /** @param flashId manufacturer, type and size, from the lowest byte on */
  constructor(kind: ChipKind, flashId: number) {
    this.#kind = kind;
    this.#flashId = flashId;
    this.#values.set(MAGIC_REGISTER, kind.magic);
  }

  read(address: number): number {
    return this.#values.get(address) ?? 0;
  }

  write(address: number, value: number, mask: number): void {
    const { base, user2, w0 } = this.#kind.spi;
    if (address !== base) {
      this.#values.set(address, (this.read(address) & ~mask) | (value & mask));
      return;
    }
    const isReadId = (value & SPI_USER_COMMAND) !== 0 && (this.read(base + user2) & 0xff) === READ_ID;
    if (isReadId) this.#values.set(base + w0, this.#flashId);
  }
}
