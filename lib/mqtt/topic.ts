/** True for a topic that may be published to: not empty, no wildcard [MQTT-3.3.2-2] [MQTT-4.7.3-1]. */
export function isTopicName(topic: string): boolean {
  return topic.length > 0 && topic.indexOf("+") < 0 && topic.indexOf("#") < 0;
}

/**
 * True for a filter that may be subscribed to: "#" alone in the last level [MQTT-4.7.1-2], "+" alone in its level
 * [MQTT-4.7.1-3].
 */
export function isTopicFilter(filter: string): boolean {
  const levels = filter.split("/");
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i]!;
    if (level === "+" || (level === "#" && i === levels.length - 1)) continue;
    if (level !== "" && !isTopicName(level)) return false;
  }
  return filter.length > 0;
}

/**
 * True where received bytes are a topic name: well-formed UTF-8 [MQTT-1.5.3-1] without U+0000 [MQTT-1.5.3-2], not
 * empty, no wildcard.
 */
export function isTopicBytes(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false;
  while (at < end) {
    const first = bytes[at++]!;
    if (first === 0 || first === 35 || first === 43) return false;
    if (first < 0x80) continue;
    let more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (first < 0xc2 || first > 0xf4 || at + more > end) return false;
    // Over-long forms, surrogates, and what is above U+10FFFF (RFC 3629 §4).
    const second = bytes[at]!;
    if (first === 0xe0 ? second < 0xa0 : first === 0xed && second > 0x9f) return false;
    if (first === 0xf0 ? second < 0x90 : first === 0xf4 && second > 0x8f) return false;
    for (; more > 0; more--) if ((bytes[at++]! & 0xc0) !== 0x80) return false;
  }
  return true;
}

/** True where a valid filter matches the topic in `bytes[at, end)` (§4.7.1). */
export function filterMatches(filter: string, bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = 0; i < filter.length; i++) {
    const code = filter.charCodeAt(i);
    if (code === 35) return true;
    if (code === 43) {
      while (at < end && bytes[at] !== 47) at++;
    } else if (at < end && bytes[at] === code) at++;
    else return at === end && code === 47 && filter.charAt(i + 1) === "#";
  }
  return at === end;
}
