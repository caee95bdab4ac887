import { provisionBroker } from "../errors/provision.js";

/** Where a device finds its broker. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 1883;
const MAX_PORT = 65535;
const FORM = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9][A-Za-z0-9.-]{0,252}))(?::(\d{1,5}))?$/;

/** Parses HOST or HOST:PORT, [IPV6]:PORT included; port 1883 where none is given. @throws SertaoError PROVISION_BROKER */
export function parseBroker(text: string): BrokerAddress {
  const [, bracketed, plain, digits] = FORM.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  if (host === undefined || port === 0 || port > MAX_PORT) throw provisionBroker(text);
  return { host, port };
}

/** HOST:PORT as `parseBroker` reads it. */
export function formatBroker({ host, port }: BrokerAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
