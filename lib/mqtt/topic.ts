const enum Char {
  HASH = 35,
  PLUS = 43,
}

/**
 * True where a text has no wildcard and is not empty: it may be published to [MQTT-3.3.2-2] [MQTT-4.7.3-1]. This client
 * subscribes to such topics only: every topic of a device is known in full.
 */
export function isTopicName(topic: string): boolean {
  return topic.length > 0 && topic.indexOf("+") < 0 && topic.indexOf("#") < 0;
}

/**
 * True where received bytes are a topic name: well-formed UTF-8 (RFC 3629) [MQTT-1.5.3-1] without U+0000
 * [MQTT-1.5.3-2], not empty, no wildcard.
 */
export function isTopicBytes(bytes: Uint8Array, at: number, end: number): boolean {
  let ok = at < end;
  while (ok && at < end) {
    const first = bytes[at++]!;
    ok = first > 0 && first !== Char.HASH && first !== Char.PLUS;
    if (first < 0x80) continue;
    let more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    const second = bytes[at]!;
    // The second byte has narrower bounds where the form could be over-long, a surrogate, or above U+10FFFF.
    const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    ok = first > 0xc1 && first < 0xf5 && at + more <= end && second >= least && second <= most;
    for (; more > 0; more--) if ((bytes[at++]! & 0xc0) !== 0x80) ok = false;
  }
  return ok;
}

/** True where the bytes are those of an ASCII text. */
export function isTopic(text: string, bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return at + text.length === end;
}
