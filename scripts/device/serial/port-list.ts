import { readdirSync } from "node:fs";
import { SerialPort } from "serialport";
import type { UsbIds } from "./serial-line.js";

/** A port that the system lists. */
export interface ListedPort {
  readonly path: string;
  readonly usb: UsbIds | undefined;
  readonly manufacturer: string | undefined;
}

/** Names of serial ports behind USB on Linux, for machines without udev. */
const USB_PORTS = /^tty(USB|ACM)\d+$/;
/** Ports on the main board of a PC, mostly with nothing behind them. */
const BUILT_IN = /^\/dev\/ttyS\d+$/;

/** The serial ports of this machine; those on the main board only where the system knows a device behind them. */
export async function listPorts(): Promise<ListedPort[]> {
  try {
    const ports = await SerialPort.list();
    return ports
      .map(({ path, vendorId, productId, manufacturer }) => ({ path, usb: usbIds(vendorId, productId), manufacturer }))
      .filter(({ path, usb }) => usb !== undefined || !BUILT_IN.test(path));
  } catch {
    return devices().map((name) => ({ path: `/dev/${name}`, usb: undefined, manufacturer: undefined }));
  }
}

function devices(): string[] {
  try {
    return readdirSync("/dev").filter((name) => USB_PORTS.test(name));
  } catch {
    return [];
  }
}

function usbIds(vendor: string | undefined, product: string | undefined): UsbIds | undefined {
  if (vendor === undefined || product === undefined) return undefined;
  return { vendorId: parseInt(vendor, 16), productId: parseInt(product, 16) };
}
