import { portMissing } from "../../errors/port.js";
import type { ListedPort } from "../serial/port-list.js";
import type { LineOptions, OpenLine, SerialLine } from "../serial/serial-line.js";
import { type Check, finding, findingOf, note, ok } from "./check.js";

/** Makers of the USB bridges on such boards, by vendor id. */
const BRIDGES: Readonly<Record<number, string>> = {
  0x10c4: "CP210x",
  0x1a86: "CH340 or CH910x",
  0x0403: "FTDI",
  0x303a: "Espressif USB",
};
const DRIVER =
  "Take a data cable and another USB port; on Windows and macOS install the driver of the board's USB bridge (CP210x, CH340).";

/** What the system says about ports, without opening one. */
export function checkPortList(ports: readonly ListedPort[], path: string | undefined): Check[] {
  if (ports.length === 0 && path === undefined) return [finding("ports", "This machine has no serial port.", DRIVER)];
  const listed = ports.map((port) => `${port.path}${nameOf(port)}`).join(", ");
  if (path === undefined)
    return [ok("ports", listed), note("board", "Name a port with --port to look at what is behind it.")];
  const known = ports.find((port) => port.path === path);
  return known === undefined
    ? [note("ports", `The system does not list ${path}${listed === "" ? "" : `; it lists ${listed}`}.`)]
    : [ok("ports", `${path}${nameOf(known)}`)];
}

/** Opens the port. @returns the line, or what stands in the way */
export async function checkOpening(
  path: string,
  openLine: OpenLine,
  options: LineOptions,
): Promise<{ check: Check; line?: SerialLine }> {
  try {
    const line = await openLine(path, options);
    return { check: ok("port", `${path} opens.`), line };
  } catch (error) {
    const check = findingOf("port", error);
    const isMissing = check.text.startsWith(portMissing.code);
    return { check: isMissing ? { ...check, remedy: `${check.remedy!} ${DRIVER}` } : check };
  }
}

function nameOf({ usb, manufacturer }: ListedPort): string {
  const name = (usb === undefined ? undefined : BRIDGES[usb.vendorId]) ?? manufacturer;
  return name === undefined ? "" : ` (${name})`;
}
