/** What a model of the ROM must know of a chip. Addresses as in esptool's targets. */
export interface ChipKind {
  readonly name: "ESP32" | "ESP32-C3" | "ESP32-S3";
  /** What stands at 0x40001000. */
  readonly magic: number;
  /** Answer to GET_SECURITY_INFO; undefined where the ROM does not know the command. */
  readonly chipId: number | undefined;
  readonly spi: { readonly base: number; readonly user: number; readonly user2: number; readonly w0: number };
}

export const chipKinds: Readonly<Record<ChipKind["name"], ChipKind>> = {
  ESP32: {
    name: "ESP32",
    magic: 0x00f01d83,
    chipId: undefined,
    spi: { base: 0x3ff42000, user: 0x1c, user2: 0x24, w0: 0x80 },
  },
  "ESP32-C3": {
    name: "ESP32-C3",
    magic: 0x1b31506f,
    chipId: 5,
    spi: { base: 0x60002000, user: 0x18, user2: 0x20, w0: 0x58 },
  },
  "ESP32-S3": {
    name: "ESP32-S3",
    magic: 0x9,
    chipId: 9,
    spi: { base: 0x60002000, user: 0x18, user2: 0x20, w0: 0x58 },
  },
};
