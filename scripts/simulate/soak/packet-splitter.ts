/** Bytes of a packet's body that are kept: any topic of a device. */
const HEAD_BYTES = 64;

/** Finds the packets in one direction of an MQTT stream that comes in any pieces. */
export class PacketSplitter {
  readonly #found: (first: number, head: Uint8Array, size: number) => void;
  readonly #head = new Uint8Array(HEAD_BYTES);
  #first = -1;
  #lengthBytes = 0;
  #length = 0;
  #inLength = false;
  #taken = 0;

  /** @param found called for each whole packet: its first byte, the beginning of its body, its size with the header */
  constructor(found: (first: number, head: Uint8Array, size: number) => void) {
    this.#found = found;
  }

  take(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#first < 0) {
        this.#begin(bytes[at++]!);
      } else if (this.#inLength) {
        this.#takeLength(bytes[at++]!);
      } else {
        const count = Math.min(bytes.length - at, this.#length - this.#taken);
        if (this.#taken < HEAD_BYTES)
          this.#head.set(bytes.subarray(at, at + Math.min(count, HEAD_BYTES - this.#taken)), this.#taken);
        this.#taken += count;
        at += count;
      }
      if (!this.#inLength && this.#taken === this.#length) this.#end();
    }
  }

  #begin(first: number): void {
    this.#first = first;
    this.#length = this.#lengthBytes = this.#taken = 0;
    this.#inLength = true;
  }

  #takeLength(byte: number): void {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes++;
    this.#inLength = byte > 127;
  }

  #end(): void {
    const first = this.#first;
    this.#first = -1;
    this.#found(first, this.#head, 1 + this.#lengthBytes + this.#length);
  }
}
