const CONNECT = 0x10;
/** Before CONNECT has been heard, a broker waits this long. */
const PATIENCE_SEC = 30;

/**
 * How long a broker waits for a client's next byte (MQTT 3.1.1 [MQTT-3.1.2-24]: one and a half times the keep-alive
 * that CONNECT names), milliseconds; Infinity for a keep-alive of 0.
 * @param head the first bytes that the client sent
 */
export function brokerPatienceMs(head: Uint8Array): number {
  let at = 1;
  while (at < 5 && (head[at] ?? 0) > 127) at++;
  // Behind the remaining length: protocol name (2 + length), level, flags, keep-alive.
  const name = at + 1;
  const keepAlive = name + 2 + ((head[name] ?? 0) << 8) + (head[name + 1] ?? 0) + 2;
  if (head[0] !== CONNECT || keepAlive + 1 >= head.length) return PATIENCE_SEC * 1000;
  const seconds = (head[keepAlive]! << 8) | head[keepAlive + 1]!;
  return seconds === 0 ? Infinity : seconds * 1500;
}
