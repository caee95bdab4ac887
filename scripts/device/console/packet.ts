// Espruino's framed packets (README_Protocol.md of the engine): DLE, SOH, three bits of type and thirteen of length,
// data; answered by ACK or NAK.

/** Types of packets. */
export const enum PacketType {
  RESPONSE = 0x0000,
  EVAL = 0x2000,
}

export const DLE = 16;
export const SOH = 1;
export const ACK = 6;
export const NAK = 21;

export const MAX_PACKET_BYTES = 0x1fff;
const TYPE_MASK = 0xe000;

/** Ctrl-C, Ctrl-D, XON, XOFF: a device or a driver may take them for themselves, wherever they stand. */
const NOT_IN_HEADER = [3, 4, 17, 19];

/** A packet that has the device evaluate an expression. @param expression ASCII, at most 8,180 characters */
export function evalPacket(expression: string): Uint8Array {
  let text = expression;
  while (NOT_IN_HEADER.includes(text.length & 0xff)) text += " ";
  if (text.length > MAX_PACKET_BYTES) throw new Error(`${text.length} characters in one packet`);
  const head = PacketType.EVAL | text.length;
  return Buffer.concat([Uint8Array.of(DLE, SOH, head >> 8, head & 0xff), Buffer.from(text, "latin1")]);
}

/** What a device has said. */
export type Said =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "ack" }
  | { readonly kind: "nak" }
  | { readonly kind: "packet"; readonly type: number; readonly text: string };

/** Takes a device's bytes apart: packets, acknowledgements, and what it prints in between. */
export class PacketReader {
  #bytes: number[] = [];

  /** @returns what is complete */
  take(chunk: Uint8Array): Said[] {
    this.#bytes.push(...chunk);
    const said: Said[] = [];
    let text = "";
    const flush = (): void => {
      if (text !== "") said.push({ kind: "text", text });
      text = "";
    };
    let at = 0;
    while (at < this.#bytes.length) {
      const byte = this.#bytes[at]!;
      if (byte === DLE) {
        const packet = this.#packetAt(at);
        if (packet === "incomplete") break;
        if (packet !== undefined) {
          flush();
          said.push(packet.said);
          at = packet.end;
          continue;
        }
      }
      if (byte === ACK || byte === NAK) {
        flush();
        said.push({ kind: byte === ACK ? "ack" : "nak" });
      } else text += String.fromCharCode(byte);
      at++;
    }
    flush();
    this.#bytes = this.#bytes.slice(at);
    return said;
  }

  #packetAt(at: number): { said: Said; end: number } | "incomplete" | undefined {
    if (at + 1 < this.#bytes.length && this.#bytes[at + 1] !== SOH) return undefined;
    if (at + 4 > this.#bytes.length) return "incomplete";
    const head = (this.#bytes[at + 2]! << 8) | this.#bytes[at + 3]!;
    const end = at + 4 + (head & MAX_PACKET_BYTES);
    if (end > this.#bytes.length) return "incomplete";
    const text = Buffer.from(this.#bytes.slice(at + 4, end)).toString("latin1");
    return { said: { kind: "packet", type: head & TYPE_MASK, text }, end };
  }
}
