const enum Char {
  HASH = 35,
  PLUS = 43,
  SLASH = 47,
}

/** True where a text has no wildcard and is not empty: it may be published to [MQTT-3.3.2-2] [MQTT-4.7.3-1]. */
export function isTopicName(topic: string): boolean {
  return topic.length > 0 && topic.indexOf("+") < 0 && topic.indexOf("#") < 0;
}

/** True for a filter: "#" alone in the last level [MQTT-4.7.1-2], "+" alone in its level [MQTT-4.7.1-3]. */
export function isTopicFilter(filter: string): boolean {
  for (let i = 0; i < filter.length; i++) {
    const code = filter.charCodeAt(i);
    if (code !== Char.PLUS && code !== Char.HASH) continue;
    const last = i === filter.length - 1;
    if (i > 0 && filter.charCodeAt(i - 1) !== Char.SLASH) return false;
    if (!last && (code === Char.HASH || filter.charCodeAt(i + 1) !== Char.SLASH)) return false;
  }
  return filter.length > 0;
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

/** True where a valid filter matches the topic in `bytes[at, end)` (§4.7.1). */
export function filterMatches(filter: string, bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = 0; i < filter.length; i++) {
    const code = filter.charCodeAt(i);
    if (code === Char.HASH) return true;
    if (code === Char.PLUS) {
      while (at < end && bytes[at] !== Char.SLASH) at++;
    } else if (at < end && bytes[at] === code) at++;
    // "a/#" matches "a" too.
    else return at === end && code === Char.SLASH && filter.charCodeAt(i + 1) === Char.HASH;
  }
  return at === end;
}
