import type { ErrorCode } from "../core/error-code.js";
import type { RetryPolicy } from "./backoff.js";

/** Published by the broker, retained and with QoS 1, when the connection ends without DISCONNECT. */
export interface Will {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** What a client needs to know. Texts are ASCII. */
export interface MqttOptions {
  readonly host: string;
  readonly port: number;
  /** 1 to 23 of a-z0-9 is what every broker takes [MQTT-3.1.3-5]. */
  readonly clientId: string;
  readonly username: string;
  /** May be empty. */
  readonly password: string;
  readonly will: Will;
  /** Longest silence in either direction, 0 to 65535. 0 turns keep-alive and its half-open check off. */
  readonly keepAliveSec: number;
  /** Longest packet sent, header included, at most 65,535. One buffer of this size for each place in the window and one more. */
  readonly maxPacketBytes: number;
  /** Room for CONNECT, for SUBSCRIBE and for acknowledgements that wait; as much as for a packet where left out. */
  readonly controlBytes?: number;
  /** Longest packet received, without its header of 2 to 5 bytes. One buffer. */
  readonly maxReceiveBytes: number;
  /** Most PUBLISH packets that wait to be written or acknowledged. */
  readonly maxInFlight: number;
  /** How long an attempt may take until CONNACK, a write to drain, and PINGRESP, SUBACK or PUBACK to come. */
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  /** 32 bits that are unlike those of other devices and boots in half of them: a CRC of id, boot number and secret. */
  readonly jitterSeed: number;
}

/** Hears what becomes of a client's connections and messages. */
export interface MqttListener {
  onConnected(sessionPresent: boolean): void;
  /** An attempt or a connection has ended. OK: `stop` is complete. Otherwise another attempt follows by itself. */
  onClosed(code: ErrorCode): void;
  /** The broker has the QoS 1 message of this token. */
  onPublished(token: number): void;
  onSubscribeRefused(filter: string): void;
}

/** Takes the beginning of a message's payload, `bytes[start, end)`, valid during the call only. */
export type PartHandler = (bytes: Uint8Array, start: number, end: number) => void;
