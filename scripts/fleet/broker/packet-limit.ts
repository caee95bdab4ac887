const CONTINUES = 0x80;
const MAX_LENGTH_BYTES = 4;

/** Follows the lengths of MQTT packets in a stream of bytes, so that none is buffered which is too long. */
export class PacketLimit {
  readonly #maxBytes: number;
  /** Bytes of the present packet still to come; below zero while its head is being read. */
  #left = -1;
  #lengthBytes = 0;
  #length = 0;
  #inLength = false;

  /** @param maxBytes greatest remaining length of a packet */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes the next bytes; false once a packet is longer than the limit or its length is malformed. */
  accepts(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const passed = Math.min(this.#left, chunk.length - at);
        this.#left -= passed;
        at += passed;
        if (this.#left === 0) this.#left = -1;
      } else if (!this.#inLength) {
        this.#inLength = true;
        at++;
      } else if (!this.#takeLength(chunk[at++]!)) return false;
    }
    return true;
  }

  #takeLength(byte: number): boolean {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes++;
    if (this.#length > this.#maxBytes) return false;
    if ((byte & CONTINUES) !== 0) return this.#lengthBytes < MAX_LENGTH_BYTES;
    this.#left = this.#length === 0 ? -1 : this.#length;
    this.#length = 0;
    this.#lengthBytes = 0;
    this.#inLength = false;
    return true;
  }
}
