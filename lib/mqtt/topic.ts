const enum Char {
  HASH = 35,
  PLUS = 43,
}

/**
 * True where a text may be published to: not empty [MQTT-4.7.3-1], of characters from U+0001 to U+007F, on which all
 * engines agree [MQTT-1.5.3-1] [MQTT-1.5.3-2], and no wildcard [MQTT-3.3.2-2]. This client subscribes to such topics
 * only: every topic of a device is known in full. Its buffers keep topics below 65,536 bytes [MQTT-4.7.3-3].
 */
export function isTopic(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 1 || code > 127 || code === Char.HASH || code === Char.PLUS) return false;
  }
  return text !== "";
}
