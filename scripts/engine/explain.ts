import { deviceErrors } from "../errors/device.js";

/** What an engine says of its end, with the meaning of a device's error number in it. */
export function explained(cause: string): string {
  return cause.replace(/E(\d{3}):-?\d+/, (shown, number: string) => {
    const known = deviceErrors.find(({ code }) => code === Number(number));
    return known === undefined ? shown : `${shown} (${known.name}: ${known.cause.replace(/\.$/, "")})`;
  });
}

/** What was thrown, in words. In a bundle the device's errors are plain objects, and classes of another realm are others. */
export function thrownText(thrown: unknown): string {
  const { name, message } = (thrown ?? {}) as { name?: string; message?: string };
  return [name, message].filter(Boolean).join(": ") || String(thrown);
}
