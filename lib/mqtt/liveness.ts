import { ErrorCode } from "../core/error-code.js";
import { NEVER } from "./deadline-timer.js";

/**
 * Knows when an accepted connection must be probed or given up: keep-alive, PINGRESP, stalled writes, answers that do
 * not come. All times are the clock's milliseconds.
 */
export class Liveness {
  /** What the deadline means: OK time for a PINGREQ, otherwise why the connection is dead. */
  due: ErrorCode = ErrorCode.OK;
  private _sentAt = 0;
  private _receivedAt = 0;
  private _pingAt = NEVER;
  private _progressAt = 0;

  /**
   * @param _pingMs silence in either direction after which a PINGREQ is due; NEVER for no keep-alive
   * @param _responseMs how long a write may take to drain and an answer to come
   */
  constructor(
    private readonly _pingMs: number,
    private readonly _responseMs: number,
  ) {}

  begin(nowMs: number): void {
    this._sentAt = this._receivedAt = this._progressAt = nowMs;
    this._pingAt = NEVER;
  }

  sent(nowMs: number): void {
    this._sentAt = nowMs;
  }

  received(nowMs: number): void {
    this._receivedAt = nowMs;
  }

  pinged(nowMs: number): void {
    this._pingAt = nowMs;
  }

  /** A PINGRESP came. False where none was awaited. */
  ponged(): boolean {
    const awaited = this._pingAt < NEVER;
    this._pingAt = NEVER;
    return awaited;
  }

  /** The broker has answered, or has been asked for the first thing that it owes. */
  progressed(nowMs: number): void {
    this._progressAt = nowMs;
  }

  /** The earliest deadline; `due` says what it means. */
  deadline(writing: boolean, awaiting: boolean): number {
    const pinging = this._pingAt < NEVER;
    let at = pinging ? this._pingAt + this._responseMs : Math.min(this._sentAt, this._receivedAt) + this._pingMs;
    this.due = pinging ? ErrorCode.MQTT_PING_TIMEOUT : ErrorCode.OK;
    if (awaiting && this._progressAt + this._responseMs < at) {
      at = this._progressAt + this._responseMs;
      this.due = ErrorCode.MQTT_ACK_TIMEOUT;
    }
    if (writing && this._sentAt + this._responseMs <= at) {
      at = this._sentAt + this._responseMs;
      this.due = ErrorCode.MQTT_WRITE_STALLED;
    }
    return at;
  }
}
