import type { ErrorCode } from "../core/error-code.js";
import type { Qos } from "../hal/messenger.js";
import type { RetryPolicy } from "./backoff.js";

/** Published by the broker when the connection ends without DISCONNECT. */
export interface Will {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
}

/** What a client needs to know. Texts are ASCII. */
export interface MqttOptions {
  readonly host: string;
  readonly port: number;
  /** 1 to 23 of a-z0-9 is what every broker takes [MQTT-3.1.3-5]. */
  readonly clientId: string;
  readonly username?: string | undefined;
  /** Sent only beside a user name. */
  readonly password?: string | undefined;
  readonly will?: Will | undefined;
  /** Longest silence in either direction, 0 to 65535 (default 120). 0 turns keep-alive and its half-open check off. */
  readonly keepAliveSec?: number | undefined;
  /** Longest packet sent, header included (default 1100). One buffer of this size for each place in the window and one more. */
  readonly maxPacketBytes?: number | undefined;
  /** Longest packet received, without its header of 2 to 5 bytes (default `maxPacketBytes`). One buffer. */
  readonly maxReceiveBytes?: number | undefined;
  /** Most PUBLISH packets that wait to be written or acknowledged (default 4). */
  readonly maxInFlight?: number | undefined;
  /** From the start of an attempt to CONNACK (default 30,000). */
  readonly connectTimeoutMs?: number | undefined;
  /** How long a write may take to drain, and the broker to answer with PINGRESP, SUBACK or PUBACK (default 30,000). */
  readonly responseTimeoutMs?: number | undefined;
  /** A connection that lasted this long ends the backoff (default 60,000). */
  readonly stableMs?: number | undefined;
  /** Default 5,000 to 600,000. */
  readonly retry?: RetryPolicy | undefined;
  /** 32 bits that differ between devices and boots: CRC of the device id, boot counter and a secret, XORed. */
  readonly jitterSeed: number;
  /** True where an earlier run has subscribed to the same filters: they are asked for only if the session is gone. */
  readonly resumed?: boolean | undefined;
}

/** Hears what becomes of a client's connections and messages. */
export interface MqttListener {
  onConnected(sessionPresent: boolean): void;
  /** An attempt or a connection has ended. OK: `stop` is complete. Otherwise another attempt follows by itself. */
  onClosed(code: ErrorCode): void;
  /** The broker has the QoS 1 message of this token. */
  onPublished(token: number): void;
  onSubscribeRefused(filter: string): void;
  /** A message handler threw. Its message counts as received. */
  onHandlerFailed?(filter: string, error: unknown): void;
}

/** Counters since the client was made. */
export interface MqttStatistics {
  /** Connections that the broker accepted. */
  connections: number;
  /** Attempts that ended before that. */
  failedAttempts: number;
  bytesSent: number;
  bytesReceived: number;
}

/** An option, or its default. */
export function orElse(value: number | undefined, fallback: number): number {
  return value === undefined ? fallback : value;
}
