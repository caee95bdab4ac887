import { readFileSync } from "node:fs";
import { fileMissing } from "../errors/files.js";
import { secretsFile } from "../errors/provision.js";

/** What is to go into a device's provisioning. Absent: as it was, or as it is drawn. */
export interface WantedProvisioning {
  readonly broker?: string;
  readonly wifi?: string;
  readonly wifiPassword?: string;
  readonly password?: string;
  readonly ack?: "puback" | "collector";
  /** Public keys that updates are trusted by: working key, and spare. */
  readonly updateKeys?: readonly Uint8Array[];
  /** Updates up to this sequence are refused. */
  readonly updateSequence?: number;
}

const FIELDS = ["broker", "wifi", "wifiPassword", "password", "ack"];
const STDIN = 0;

/**
 * Reads what --from names: JSON with texts. Messages say nothing of its contents.
 * @param file a path, or "-" for standard input
 * @throws SertaoError SECRETS_FILE, FILE_MISSING
 */
export function readSecrets(file: string): WantedProvisioning {
  const name = file === "-" ? "Standard input" : file;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file === "-" ? STDIN : file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") throw fileMissing(file);
    throw secretsFile(name, error instanceof SyntaxError ? "is no JSON" : "cannot be read");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw secretsFile(name, "holds no object");
  for (const [field, text] of Object.entries(value)) {
    if (!FIELDS.includes(field)) throw secretsFile(name, "has a field that is none of these");
    if (typeof text !== "string") throw secretsFile(name, `has a "${field}" that is no text`);
  }
  const wanted = value as WantedProvisioning;
  if (wanted.ack !== undefined && !["puback", "collector"].includes(wanted.ack))
    throw secretsFile(name, 'has an "ack" that is neither puback nor collector');
  return wanted;
}
