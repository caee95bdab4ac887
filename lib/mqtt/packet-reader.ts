import { copyBytes } from "../core/bytes.js";
import { ErrorCode } from "../core/error-code.js";

/** Takes one whole packet: its first byte, and its body in `bytes[0, size)`, valid during the call only. */
export type PacketHandler = (first: number, bytes: Uint8Array, size: number) => ErrorCode;

export const enum Phase {
  FIRST_BYTE,
  LENGTH,
  BODY,
}

/** How far a stream of packets is read, and the packet that arrives in pieces. */
export interface PacketReader {
  readonly _body: Uint8Array;
  /** FIRST_BYTE forgets a packet that has begun. */
  _phase: Phase;
  _first: number;
  _remaining: number;
  _shift: number;
  _have: number;
}

/** @param maxBytes the longest body that is taken */
export function createReader(maxBytes: number): PacketReader {
  return {
    _body: new Uint8Array(maxBytes),
    _phase: Phase.FIRST_BYTE,
    _first: 0,
    _remaining: 0,
    _shift: 0,
    _have: 0,
  };
}

/**
 * Cuts the stream into packets, however it is fragmented, and puts each together in a buffer of one packet. Stops at
 * the first packet that is too long, badly framed, or not accepted by the handler.
 */
export function readPackets(reader: PacketReader, bytes: Uint8Array, onPacket: PacketHandler): ErrorCode {
  let code: ErrorCode = ErrorCode.OK;
  for (let at = 0; at < bytes.length && !code;) {
    if (reader._phase !== Phase.BODY) code = readHead(reader, bytes[at++]!);
    if (reader._phase !== Phase.BODY || code) continue;
    const count = Math.min(reader._remaining - reader._have, bytes.length - at);
    // A view of 0 bytes has all that follow on Espruino.
    if (count) copyBytes(bytes, at, reader._body, reader._have, count);
    reader._have += count;
    at += count;
    if (reader._have < reader._remaining) continue;
    reader._phase = Phase.FIRST_BYTE;
    code = onPacket(reader._first, reader._body, reader._have);
  }
  return code;
}

/** Takes a byte of the fixed header (§2.2). */
function readHead(reader: PacketReader, byte: number): ErrorCode {
  if (reader._phase === Phase.FIRST_BYTE) {
    reader._first = byte;
    reader._remaining = reader._shift = reader._have = 0;
    reader._phase = Phase.LENGTH;
    return ErrorCode.OK;
  }
  reader._remaining |= (byte & 127) << reader._shift;
  reader._shift += 7;
  if (byte > 127) return reader._shift > 21 ? ErrorCode.MQTT_MALFORMED_PACKET : ErrorCode.OK;
  reader._phase = Phase.BODY;
  return reader._remaining > reader._body.length ? ErrorCode.MQTT_PACKET_TOO_BIG : ErrorCode.OK;
}
