import { CborWriter } from "../../../lib/core/cbor-writer.js";
import { ACK, PROTOCOL_VERSION } from "../../../lib/uplink/topics.js";

/** Sequences up to which every record of a class is committed. */
export interface AckLevels {
  readonly normal: number;
  readonly alarm: number;
}

/** Encodes `ack` of docs/protocol.md. */
export function encodeAck(incarnation: number, levels: AckLevels): Uint8Array {
  const writer = new CborWriter(new Uint8Array(ACK.maxBytes));
  writer.array(4);
  writer.number(PROTOCOL_VERSION);
  writer.number(incarnation);
  writer.number(levels.normal);
  writer.number(levels.alarm);
  return writer.bytes.slice(0, writer.length);
}
