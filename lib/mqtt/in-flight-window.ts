import { PublishFlag } from "./packet-type.js";

/** The life of one outgoing PUBLISH. */
const enum SlotState {
  FREE,
  /** Waits to be written on this connection. */
  QUEUED,
  /** Written on this connection, not acknowledged. */
  SENT,
}

/**
 * The outgoing PUBLISH packets that are not done with, in order, each encoded in a buffer of its own that is allocated
 * once. QoS 1 stays until its PUBACK, over any number of connections; QoS 0 until it is written.
 */
export class InFlightWindow {
  private readonly _packets: Uint8Array[] = [];
  private readonly _lengths: number[] = [];
  private readonly _ids: number[] = [];
  private readonly _states: SlotState[] = [];
  private _oldest = 0;
  private _count = 0;

  constructor(slots: number, packetBytes: number) {
    for (let i = 0; i < slots; i++) {
      this._packets[i] = new Uint8Array(packetBytes);
      this._states[i] = SlotState.FREE;
      this._lengths[i] = this._ids[i] = 0;
    }
  }

  /** The buffer that the next packet goes into, or undefined while the window is full. */
  room(): Uint8Array | undefined {
    return this._count < this._packets.length ? this._packets[this._slot(this._count)] : undefined;
  }

  /** Takes the packet that was encoded into `room()`. `packetId` is 0 for QoS 0. */
  queue(packetId: number, length: number): void {
    const slot = this._slot(this._count++);
    this._ids[slot] = packetId;
    this._lengths[slot] = length;
    this._states[slot] = SlotState.QUEUED;
  }

  /** The oldest slot that waits to be written, or -1. */
  next(): number {
    for (let i = 0; i < this._count; i++) {
      const slot = this._slot(i);
      if (this._states[slot] === SlotState.QUEUED) return slot;
    }
    return -1;
  }

  packet(slot: number): Uint8Array {
    return this._packets[slot]!;
  }

  length(slot: number): number {
    return this._lengths[slot]!;
  }

  /** The packet has been handed to the connection. */
  sent(slot: number): void {
    this._states[slot] = this._ids[slot] ? SlotState.SENT : SlotState.FREE;
    this._shrink();
  }

  /** Frees the slot of a packet id. False where no such packet was ever sent. */
  acknowledge(packetId: number): boolean {
    const slot = this._find(packetId);
    if (slot < 0 || (this._states[slot] === SlotState.QUEUED && !(this._packets[slot]![0]! & PublishFlag.DUP))) {
      return false;
    }
    this._states[slot] = SlotState.FREE;
    this._shrink();
    return true;
  }

  /** True while a packet id may not be used for another packet [MQTT-2.3.1-2]. */
  holds(packetId: number): boolean {
    return this._find(packetId) >= 0;
  }

  empty(): boolean {
    return this._count === 0;
  }

  /** True while the broker owes a PUBACK. */
  awaits(): boolean {
    return this._states.indexOf(SlotState.SENT) >= 0;
  }

  /**
   * The connection is over. What was sent is queued again in its place, with its packet id [MQTT-4.4.0-1]
   * [MQTT-4.6.0-1] and with DUP [MQTT-3.3.1-1]; QoS 0 is sent at most once and dropped.
   */
  rewind(): void {
    for (let slot = 0; slot < this._states.length; slot++) {
      if (this._states[slot] === SlotState.SENT) {
        this._packets[slot]![0]! |= PublishFlag.DUP;
        this._states[slot] = SlotState.QUEUED;
      } else if (!this._ids[slot]) this._states[slot] = SlotState.FREE;
    }
    this._shrink();
  }

  private _slot(position: number): number {
    return (this._oldest + position) % this._packets.length;
  }

  private _find(packetId: number): number {
    for (let slot = 0; slot < this._ids.length; slot++) {
      if (this._ids[slot] === packetId && this._states[slot] !== SlotState.FREE) return slot;
    }
    return -1;
  }

  private _shrink(): void {
    while (this._count > 0 && this._states[this._oldest] === SlotState.FREE) {
      this._oldest = this._slot(1);
      this._count--;
    }
  }
}
