import { LOG } from "../../../lib/uplink/topics.js";
import { decodeCbor } from "./decode-cbor.js";
import { text, uint, versioned } from "./fields.js";

/** `log` of docs/protocol.md: one line that a device wrote. */
export interface LogLine {
  readonly kind: "log";
  readonly incarnation: number;
  readonly epoch: number;
  readonly uptimeSec: number;
  /** 0 error, 1 warning, 2 information, 3 debug. */
  readonly level: number;
  readonly text: string;
  /** Lines that the rate limit held back before this one. */
  readonly dropped: number;
}

/** Decodes `log`. @throws Refusal */
export function decodeLog(payload: Uint8Array): LogLine {
  const items = versioned(decodeCbor(payload), "log", 7);
  return {
    kind: "log",
    incarnation: uint(items[1], "incarnation"),
    epoch: uint(items[2], "epoch"),
    uptimeSec: uint(items[3], "uptime"),
    level: uint(items[4], "level", 3),
    text: text(items[5], "text", LOG.maxBytes),
    dropped: uint(items[6], "dropped"),
  };
}
