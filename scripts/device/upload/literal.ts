/** Bytes that stand in a text literal as they are: printable ASCII. */
const PLAIN = /^[\x20-\x7e\n\t]*$/;

/**
 * JavaScript that evaluates to these bytes as one of Espruino's byte strings, whichever form is shorter. It is printable
 * ASCII: no byte of it means anything to a console, a driver or a serial line.
 */
export function byteLiteral(bytes: Uint8Array): string {
  const packed = `atob("${Buffer.from(bytes).toString("base64")}")`;
  const text = Buffer.from(bytes).toString("latin1");
  if (!PLAIN.test(text)) return packed;
  const quoted = JSON.stringify(text);
  return quoted.length < packed.length ? quoted : packed;
}
