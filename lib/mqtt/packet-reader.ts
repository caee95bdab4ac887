import { copyBytes } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";

/** What `_shift` says beside the place of the next seven bits of the length. */
export const enum Shift {
  /** The first byte of a packet comes next: forgets a packet that has begun. */
  FIRST_BYTE = -7,
  BODY = 28,
}

/** How far a stream of packets is read, and the packet that arrives in pieces. */
export interface PacketReader {
  /** Longest body that is taken. */
  _maxBytes: number;
  /** As long as that once a packet has begun. */
  _body: Uint8Array;
  _shift: number;
  _first: number;
  _remaining: number;
  _have: number;
}

/** Takes one whole packet: its first byte, and its body in `bytes[0, size)`, valid during the call only. */
export type PacketHandler<Reader> = (reader: Reader, first: number, bytes: Uint8Array, size: number) => ErrorCode;

/**
 * Cuts the stream into packets, however it is fragmented, and puts each together in a buffer of one packet. Stops at
 * the first packet that is too long, badly framed, or not accepted by the handler.
 */
export function readPackets<Reader extends PacketReader>(
  reader: Reader,
  bytes: Uint8Array,
  onPacket: PacketHandler<Reader>,
): ErrorCode {
  let code: ErrorCode = ErrorCode.OK;
  for (let at = 0; at < bytes.length && !code;) {
    if (reader._shift < Shift.BODY) code = readHead(reader, bytes[at++]!);
    if (reader._shift < Shift.BODY || code) continue;
    const count = Math.min(reader._remaining - reader._have, bytes.length - at);
    copyBytes(bytes, at, reader._body, reader._have, count);
    reader._have += count;
    at += count;
    if (reader._have < reader._remaining) continue;
    reader._shift = Shift.FIRST_BYTE;
    code = onPacket(reader, reader._first, reader._body, reader._have);
  }
  return code;
}

/** Takes a byte of the fixed header (§2.2). */
function readHead(reader: PacketReader, byte: number): ErrorCode {
  if (reader._shift < 0) {
    reader._first = byte;
    reader._remaining = reader._have = reader._shift = 0;
    return ErrorCode.OK;
  }
  reader._remaining |= (byte & 127) << reader._shift;
  reader._shift += 7;
  if (byte > 127) return reader._shift < Shift.BODY ? ErrorCode.OK : ErrorCode.MQTT_MALFORMED_PACKET;
  reader._shift = Shift.BODY;
  if (reader._remaining > reader._maxBytes) return ErrorCode.MQTT_PACKET_TOO_BIG;
  if (reader._body.length !== reader._maxBytes) reader._body = new Uint8Array(reader._maxBytes);
  return ErrorCode.OK;
}
