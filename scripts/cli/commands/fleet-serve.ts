import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import { fileMissing } from "../../errors/files.js";
import { listenOpen, tlsFiles } from "../../errors/fleet.js";
import { SertaoError } from "../../errors/sertao-error.js";
import { type Address, formatAddress, isLoopback, parseAddress, type TlsFiles } from "../../fleet/broker/listener.js";
import { brokerName } from "../../fleet/collector/external-broker.js";
import { type Fleet, type FleetOptions, startFleet, UPDATE_BYTES_PER_SECOND } from "../../fleet/fleet.js";
import { KeyFile } from "../../fleet/secrets/device-keys.js";
import { PasswordFile } from "../../fleet/secrets/passwords.js";
import { ServeLog } from "../../fleet/show/serve-log.js";
import { SqliteStore } from "../../fleet/store/sqlite-store.js";
import { positiveCount } from "./fleet-count.js";
import { DEFAULT_KEYS, DEFAULT_PASSWORDS, storeOption } from "./fleet-store.js";

const DEFAULT_PORT = 1883;
const DEFAULT_TLS_PORT = 8883;
const COUNT_LINE_MS = 10_000;

interface Options {
  listen?: string;
  broker?: string;
  store: string;
  passwords?: string;
  keys?: string;
  open?: true;
  cert?: string;
  key?: string;
  ack?: true;
  updateBytesPerSecond: number;
}

/** `sertao fleet serve`. */
export function fleetServe(fleet: Command): void {
  fleet
    .command("serve")
    .description("run broker, collector and store until SIGINT or SIGTERM")
    .option("--listen <host:port>", "where devices connect (127.0.0.1:1883; with passwords 0.0.0.0:1883, TLS 8883)")
    .addOption(new Option("--broker <url>", "collect from another MQTT broker instead").conflicts(["listen", "cert"]))
    .addOption(storeOption())
    .option("--passwords <file>", `password hashes of devices (${DEFAULT_PASSWORDS} where it exists)`)
    .option("--keys <file>", `keys of devices: they are told the time, and get MACs (${DEFAULT_KEYS} where it exists)`)
    .option("--open", "accept any device without a password, from other machines too")
    .option("--cert <file>", "certificate chain for TLS, PEM")
    .option("--key <file>", "its private key, PEM")
    .option(
      "--update-bytes-per-second <n>",
      "bytes of updates a second, to all devices together",
      positiveCount,
      UPDATE_BYTES_PER_SECOND,
    )
    .option("--ack", "send ack messages with the embedded broker too")
    .action(serve);
}

async function serve(options: Options): Promise<void> {
  const passwords = findPasswords(options);
  const keys = findKeys(options);
  const tls = findTls(options);
  const listen = options.broker === undefined ? findAddress(options, passwords, tls) : undefined;
  const log = new ServeLog(process.stdout, process.stderr);
  const stopped = untilStopped();
  const store = SqliteStore.open(options.store);
  try {
    const fleetOptions: FleetOptions = {
      store,
      listen,
      tls,
      passwords,
      keys,
      brokerUrl: options.broker,
      updateBytesPerSecond: options.updateBytesPerSecond,
      observer: {
        ...log.observer,
        storeFailed: (error) => storeFailed(error, log, stopped.fail),
        updatesFailed: (error) => storeFailed(error, log, stopped.fail),
        keysFailed: (error) => log.problem(error instanceof Error ? error.message : String(error)),
      },
      ...(options.ack ? { sendAcks: true } : {}),
    };
    const fleet = await startFleet(fleetOptions);
    log.started(options.store, [...describe(fleet, options, passwords, tls), ...timeLine(keys)]);
    const timer = setInterval(() => log.count(fleet.counts), COUNT_LINE_MS);
    try {
      await stopped.signal;
    } finally {
      clearInterval(timer);
      await fleet.stop();
      log.stopped(fleet.counts);
    }
  } finally {
    stopped.end();
    await store.close();
  }
}

/** Damage ends the command; what may pass (a lock, a full disk) is told, and devices send again. */
function storeFailed(error: unknown, log: ServeLog, fail: (error: unknown) => void): void {
  if (error instanceof SertaoError && error.code !== "STORE_CORRUPT") log.problem(error.message);
  else fail(error);
}

/** Resolves at SIGINT or SIGTERM; a second one ends the process at once. */
function untilStopped(): { signal: Promise<void>; fail: (error: unknown) => void; end: () => void } {
  let stop = (): void => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const signal = new Promise<void>((resolve, reject) => {
    stop = resolve;
    fail = reject;
  });
  signal.catch(() => undefined);
  process.once("SIGINT", stop).once("SIGTERM", stop);
  return { signal, fail, end: () => process.off("SIGINT", stop).off("SIGTERM", stop) };
}

function findPasswords(options: Options): PasswordFile | undefined {
  if (options.open || options.broker !== undefined) return undefined;
  const file = options.passwords ?? DEFAULT_PASSWORDS;
  if (existsSync(file)) return new PasswordFile(file);
  if (options.passwords !== undefined) throw fileMissing(file);
  return undefined;
}

function findKeys(options: Options): KeyFile | undefined {
  const file = options.keys ?? DEFAULT_KEYS;
  if (existsSync(file)) return new KeyFile(file);
  if (options.keys !== undefined) throw fileMissing(file);
  return undefined;
}

function findTls({ cert, key }: Options): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) throw tlsFiles("one of certificate and key is missing");
  return { cert, key };
}

function findAddress(options: Options, passwords: PasswordFile | undefined, tls: TlsFiles | undefined): Address {
  if (options.listen === undefined) {
    const port = tls === undefined ? DEFAULT_PORT : DEFAULT_TLS_PORT;
    return { host: passwords === undefined ? "127.0.0.1" : "0.0.0.0", port };
  }
  const address = parseAddress(options.listen);
  if (passwords === undefined && !options.open && !isLoopback(address.host)) throw listenOpen(options.listen);
  return address;
}

function timeLine(keys: KeyFile | undefined): string[] {
  return keys === undefined ? [] : [`tells the time to ${keys.count} devices`];
}

function describe(
  fleet: Fleet,
  options: Options,
  passwords: PasswordFile | undefined,
  tls: TlsFiles | undefined,
): string[] {
  if (options.broker !== undefined || fleet.address === undefined) {
    return [`collecting from ${brokerName(options.broker ?? "")}; devices need "ack: collector"`];
  }
  const lines = [`MQTT ${tls === undefined ? "" : "with TLS "}on ${formatAddress(fleet.address)}`];
  if (passwords === undefined) lines.push("OPEN: any device may connect, without a password");
  else lines.push(`passwords of ${passwords.count} devices`);
  if (passwords !== undefined && tls === undefined && !isLoopback(fleet.address.host)) {
    lines.push("passwords cross the network in the clear: add --cert and --key, or a network of your own");
  }
  return lines;
}
