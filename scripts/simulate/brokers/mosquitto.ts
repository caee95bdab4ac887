import { pbkdf2Sync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findCommand } from "../../engine/find-command.js";
import { brokerCommandMissing } from "../../errors/soak.js";
import type { Broker, BrokerPlace } from "./broker.js";
import { startServerProcess } from "./server-process.js";

/** The broker's command, or undefined where it is not on PATH. */
export const mosquittoCommand = findCommand("mosquitto");

export interface MosquittoOptions extends BrokerPlace {
  /** Names and passwords; without them anybody may connect. */
  users?: Readonly<Record<string, string>>;
  /** Text of the access list. */
  acl?: string;
  /** Listens with TLS and this certificate. */
  certificate?: { readonly certFile: string; readonly keyFile: string };
  /** False for Mosquitto's own habit, to save its state every half hour: what it then loses when killed is much. */
  savesEveryChange?: boolean;
  /** Further lines of the configuration. */
  extra?: readonly string[];
}

/** Starts Mosquitto on a loopback port. Sessions are on disk, saved after every change unless told otherwise. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Broker> {
  if (mosquittoCommand === undefined) throw brokerCommandMissing("mosquitto");
  return await startServerProcess("mosquitto", mosquittoCommand, options, (port, folder) => {
    const file = join(folder, "mosquitto.conf");
    writeFileSync(file, configuration(port, folder, options).join("\n") + "\n");
    return ["-c", file];
  });
}

function configuration(port: number, folder: string, options: MosquittoOptions): string[] {
  const lines = [
    `listener ${port} 127.0.0.1`,
    "user root",
    "persistence true",
    `persistence_location ${folder}/`,
    ...(options.savesEveryChange === false ? [] : ["autosave_on_changes true", "autosave_interval 1"]),
    "max_queued_messages 0",
    "set_tcp_nodelay true",
    `allow_anonymous ${options.users === undefined}`,
  ];
  if (options.users !== undefined) {
    const file = join(folder, "passwords");
    writeFileSync(file, Object.entries(options.users).map(passwordLine).join(""), { mode: 0o600 });
    lines.push(`password_file ${file}`);
  }
  if (options.acl !== undefined) {
    const file = join(folder, "acl");
    writeFileSync(file, options.acl, { mode: 0o600 });
    lines.push(`acl_file ${file}`);
  }
  if (options.certificate !== undefined) {
    lines.push(`certfile ${options.certificate.certFile}`, `keyfile ${options.certificate.keyFile}`);
  }
  return [...lines, ...(options.extra ?? [])];
}

/** Mosquitto's form of a password: PBKDF2-HMAC-SHA-512, 101 rounds, 12 bytes of salt. */
function passwordLine([user, password]: [string, string]): string {
  const salt = randomBytes(12);
  const hash = pbkdf2Sync(password, salt, 101, 64, "sha512");
  return `${user}:$7$101$${salt.toString("base64")}$${hash.toString("base64")}\n`;
}
