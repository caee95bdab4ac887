import { CborWriter } from "../core/cbor-writer.js";
import { PROTOCOL_VERSION } from "./topics.js";

/** Room kept behind the text: its own head, and `dropped`. */
const TAIL_BYTES = 8;

/** Severity of a `log` line. */
export const enum LogLevel {
  ERROR = 0,
  WARNING = 1,
  INFORMATION = 2,
  DEBUG = 3,
}

/** Encodes one line (docs/protocol.md, `log`); text that makes it longer than `maxBytes` is cut. */
export function encodeLog(
  incarnation: number,
  epoch: number,
  uptimeSec: number,
  level: LogLevel,
  text: string,
  dropped: number,
  maxBytes: number,
): Uint8Array {
  const writer = new CborWriter(new Uint8Array(maxBytes));
  writer.array(7);
  writer.number(PROTOCOL_VERSION);
  writer.number(incarnation);
  writer.number(epoch);
  writer.number(uptimeSec);
  writer.number(level);
  writer.text(text.substr(0, maxBytes - writer.length - TAIL_BYTES));
  writer.number(dropped);
  return new Uint8Array(writer.bytes.buffer, 0, writer.length);
}
