import { PublishFlag } from "./packet-type.js";

/** One outgoing PUBLISH, encoded. */
export interface InFlight {
  readonly _bytes: Uint8Array;
  _length: number;
  /** 0 for QoS 0. */
  _packetId: number;
}

/**
 * The outgoing PUBLISH packets that are not done with, oldest first, each in a buffer of its own that is allocated
 * once. QoS 1 stays until its PUBACK, over any number of connections; QoS 0 until it is written.
 */
export interface InFlightWindow {
  /** The first `_count` are in use, in order; the rest are free. */
  readonly _all: InFlight[];
  _count: number;
  /** How many of them, from the front, are written on this connection and not acknowledged. */
  _sent: number;
}

export function createPackets(size: number, packetBytes: number): InFlight[] {
  const all: InFlight[] = [];
  while (all.length < size) all.push({ _bytes: new Uint8Array(packetBytes), _length: 0, _packetId: 0 });
  return all;
}

/** The place of the packet with an id, which may not be used for another one [MQTT-2.3.1-2]; -1: there is none. */
export function placeOf(window: InFlightWindow, packetId: number): number {
  let place = window._count;
  while (place-- && window._all[place]!._packetId !== packetId);
  return place;
}

/** Gives a packet's place back; the order of the others stays. */
export function free(window: InFlightWindow, place: number): void {
  window._all.push(window._all.splice(place, 1)[0]!);
  window._count--;
}

/**
 * The connection is over. What was sent waits again in its place, with its packet id [MQTT-4.4.0-1] [MQTT-4.6.0-1]
 * and with DUP [MQTT-3.3.1-1]; QoS 0 is sent at most once and dropped.
 */
export function rewind(window: InFlightWindow): void {
  while (window._sent) window._all[--window._sent]!._bytes[0]! |= PublishFlag.DUP;
  for (let place; (place = placeOf(window, 0)) >= 0;) free(window, place);
}
