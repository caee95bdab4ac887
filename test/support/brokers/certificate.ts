import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findCommand } from "../../../scripts/engine/find-command.js";

/** The command that makes certificates, or undefined: tests of TLS are skipped by name without it. */
export const opensslCommand = findCommand("openssl");

/** Files of a self-signed certificate for `localhost` and 127.0.0.1, and its text to trust it by. */
export interface Certificate {
  readonly keyFile: string;
  readonly certFile: string;
  readonly pem: string;
}

/** Makes a key and a certificate in `folder`, good for a day. */
export function makeCertificate(folder: string): Certificate {
  if (opensslCommand === undefined) throw new Error("openssl is missing");
  const keyFile = join(folder, "server.key");
  const certFile = join(folder, "server.pem");
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  execFileSync(opensslCommand, ["req", "-x509", "-days", "1", ...key, ...names, "-out", certFile], { stdio: "pipe" });
  return { keyFile, certFile, pem: readFileSync(certFile, "utf8") };
}
