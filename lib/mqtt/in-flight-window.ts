import { PublishFlag } from "./packet-type.js";

/** One outgoing PUBLISH, encoded. */
export interface InFlight {
  readonly _bytes: Uint8Array;
  _length: number;
  /** 0 for QoS 0. */
  _packetId: number;
  /** Written on this connection, and not acknowledged. */
  _sent: boolean;
}

/**
 * The outgoing PUBLISH packets that are not done with, oldest first, each in a buffer of its own that is allocated
 * once. QoS 1 stays until its PUBACK, over any number of connections; QoS 0 until it is written.
 */
export interface InFlightWindow {
  /** The first `_count` are in use, in order; the rest are free. */
  readonly _all: InFlight[];
  _count: number;
}

export function createWindow(size: number, packetBytes: number): InFlightWindow {
  const all: InFlight[] = [];
  while (all.length < size) {
    all.push({ _bytes: new Uint8Array(packetBytes), _length: 0, _packetId: 0, _sent: false });
  }
  return { _all: all, _count: 0 };
}

/** The oldest packet that waits to be written. */
export function oldestUnsent(window: InFlightWindow): InFlight | undefined {
  for (let i = 0; i < window._count; i++) if (!window._all[i]!._sent) return window._all[i];
  return undefined;
}

/** The packet with an id, which may not be used for another one [MQTT-2.3.1-2]. */
export function packetOf(window: InFlightWindow, packetId: number): InFlight | undefined {
  for (let i = 0; i < window._count; i++) if (window._all[i]!._packetId === packetId) return window._all[i];
  return undefined;
}

/** Gives a packet's place back; the order of the others stays. */
export function free(window: InFlightWindow, packet: InFlight): void {
  const all = window._all;
  all.splice(all.indexOf(packet), 1);
  all.push(packet);
  packet._sent = false;
  window._count--;
}

/**
 * The connection is over. What was sent waits again in its place, with its packet id [MQTT-4.4.0-1] [MQTT-4.6.0-1]
 * and with DUP [MQTT-3.3.1-1]; QoS 0 is sent at most once and dropped.
 */
export function rewind(window: InFlightWindow): void {
  for (let i = window._count - 1; i >= 0; i--) {
    const packet = window._all[i]!;
    if (packet._sent) packet._bytes[0]! |= PublishFlag.DUP;
    packet._sent = false;
    if (!packet._packetId) free(window, packet);
  }
}
