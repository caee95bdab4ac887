import { deviceErrors } from "../errors/device.js";

/** What an engine says of its end, with the meaning of a device's error number in it. */
export function explained(cause: string): string {
  return cause.replace(/E(\d{3}):-?\d+/, (shown, number: string) => {
    const known = deviceErrors.find(({ code }) => code === Number(number));
    return known === undefined ? shown : `${shown} (${known.name}: ${known.cause.replace(/\.$/, "")})`;
  });
}
