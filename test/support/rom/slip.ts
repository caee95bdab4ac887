const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;

/** A SLIP packet as Espressif's loaders frame it: with an END at both ends. */
export function slipPacket(bytes: Uint8Array): Uint8Array {
  const out = [END];
  for (const byte of bytes) {
    if (byte === END) out.push(ESCAPE, ESCAPED_END);
    else if (byte === ESCAPE) out.push(ESCAPE, ESCAPED_ESCAPE);
    else out.push(byte);
  }
  out.push(END);
  return Uint8Array.from(out);
}

/** Finds packets in a stream. What stands between packets is dropped. */
export class SlipReader {
  #packet: number[] | undefined;
  #escaped = false;

  /** @returns the packets that these bytes complete */
  take(bytes: Uint8Array): Uint8Array[] {
    const packets: Uint8Array[] = [];
    for (const byte of bytes) {
      if (byte === END) {
        if (this.#packet !== undefined && this.#packet.length > 0) {
          packets.push(Uint8Array.from(this.#packet));
          this.#packet = undefined;
        } else this.#packet = [];
        this.#escaped = false;
      } else if (this.#packet === undefined) continue;
      else if (this.#escaped) {
        this.#packet.push(byte === ESCAPED_END ? END : ESCAPE);
        this.#escaped = false;
      } else if (byte === ESCAPE) this.#escaped = true;
      else this.#packet.push(byte);
    }
    return packets;
  }
}
