import { putHeader, putU16 } from "./encode.js";
import { PacketType } from "./packet-type.js";

// Kept free behind queued PUBACKs for the two-byte packets PINGREQ and DISCONNECT.
const RESERVE = 4;

/** Packets other than PUBLISH, put together until the next write. */
export class ControlBuffer {
  readonly bytes: Uint8Array;
  length = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  /** Adds a packet without a body: PINGREQ or DISCONNECT. */
  bare(first: PacketType): void {
    this.length = putHeader(first, 0, this.bytes, this.length);
  }

  /** Adds a PUBACK (§3.4); false where acknowledgements have filled the buffer. */
  puback(packetId: number): boolean {
    if (this.length + 4 + RESERVE > this.bytes.length) return false;
    this.length = putU16(packetId, this.bytes, putHeader(PacketType.PUBACK, 2, this.bytes, this.length));
    return true;
  }

  /** Empties the buffer; its bytes stay until the next packet is added. Returns how many there were. */
  take(): number {
    const length = this.length;
    this.length = 0;
    return length;
  }
}
