/** The packet id of every SUBSCRIBE. */
export const SUBSCRIBE_ID = 65535;

/** A control packet as bytes, written plainly for tests: independent of the code under test. */
export function packet(first: number, body: ArrayLike<number>): number[] {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return [first, ...length, ...Array.from(body)];
}

export const text = (value: string): number[] => {
  const bytes = [...Buffer.from(value, "utf8")];
  return [...u16(bytes.length), ...bytes];
};
export const u16 = (value: number): number[] => [value >> 8, value & 255];
export const connack = (sessionPresent = false, code = 0): number[] => packet(0x20, [sessionPresent ? 1 : 0, code]);
export const puback = (id: number): number[] => packet(0x40, u16(id));
export const suback = (...codes: number[]): number[] => packet(0x90, [...u16(SUBSCRIBE_ID), ...codes]);
export const pingresp = [0xd0, 0];

export interface PublishFields {
  qos?: number;
  dup?: boolean;
  retain?: boolean;
  id?: number;
}

export function publish(topic: string | number[], payload: ArrayLike<number>, fields: PublishFields = {}): number[] {
  const { qos = 0, dup = false, retain = false, id = 1 } = fields;
  const name = typeof topic === "string" ? text(topic) : [...u16(topic.length), ...topic];
  return packet(0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0), [
    ...name,
    ...(qos > 0 ? u16(id) : []),
    ...Array.from(payload),
  ]);
}

/** A packet taken apart as far as every packet can be. */
export interface Packet {
  first: number;
  body: number[];
}

/** Cuts bytes into whole packets. Throws where they do not end with one. */
export function packetsOf(bytes: readonly number[]): Packet[] {
  const found: Packet[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at++]!;
    let length = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      length += (byte & 127) * scale;
      if (byte < 128) break;
    }
    if (at + length > bytes.length) throw new Error(`a packet of ${length} bytes is cut short`);
    found.push({ first, body: bytes.slice(at, at + length) });
    at += length;
  }
  return found;
}

/** Topic, id and payload of a PUBLISH, and its flags. */
export function readPublish(one: Packet): {
  topic: string;
  id: number;
  payload: number[];
  qos: number;
  dup: boolean;
  retain: boolean;
} {
  const qos = (one.first >> 1) & 3;
  const length = one.body[0]! * 256 + one.body[1]!;
  const topic = Buffer.from(one.body.slice(2, 2 + length)).toString();
  const id = qos > 0 ? one.body[2 + length]! * 256 + one.body[3 + length]! : 0;
  const payload = one.body.slice(2 + length + (qos > 0 ? 2 : 0));
  return { topic, id, payload, qos, dup: (one.first & 8) > 0, retain: (one.first & 1) > 0 };
}
