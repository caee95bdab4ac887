import { createKey } from "../../../scripts/ota/create-key.js";
import type { Disk } from "../../../scripts/ota/disk.js";
import { openEnvelope } from "../../../scripts/ota/envelope.js";
import type { Lock } from "../../../scripts/ota/file-lock.js";
import { signFiles, type Order } from "../../../scripts/ota/sign-files.js";
import { Signer, type SignerOptions } from "../../../scripts/ota/signer.js";
import { decodeUpdateFile } from "../../../scripts/ota/update-file.js";
import { seededBytes } from "../../crypto/seeded-bytes.js";
import type { CrashingDisk } from "./crashing-disk.js";

export const KEY = "/keys/working.key";
export const JOURNAL = "/state/journal";
export const PASSPHRASE = "correct horse battery";
/** One process: nothing to lock against. */
const noLock: Lock = (_, work) => work();

/** A small key, made in some 50 ms: 32 signatures, and a passphrase that is cheap to guess. */
export function makeKey(disk: Disk): Uint8Array {
  return createKey({
    disk,
    lock: noLock,
    slot: "working",
    keyFile: KEY,
    publicKeyFile: "/keys/working.pub",
    journalFile: () => JOURNAL,
    passphrase: PASSPHRASE,
    parameters: { height: 5, window: 4 },
    cost: { N: 16, r: 1, p: 1 },
  });
}

export function options(disk: Disk, more: Partial<SignerOptions> = {}): SignerOptions {
  return {
    disk,
    lock: noLock,
    keyFile: KEY,
    journalFile: () => JOURNAL,
    passphrase: PASSPHRASE,
    nowMs: () => 1_760_000_000_000,
    random: seededBytes(8554),
    tries: 2,
    ...more,
  };
}

/** Signs `count` images, each with a content of its own, and returns the indices. */
export function sign(disk: Disk, name: string, count: number, more: Partial<SignerOptions> = {}): number[] {
  const orders = Array.from({ length: count }, (_, i): Order => ({
    manifest: { kind: "config", application: "orchard-frost" },
    image: Buffer.from(`${name} ${i}`),
    compress: false,
    output: `/out/${name}-${i}.update`,
  }));
  return Signer.use(options(disk, more), (signer) => signFiles(signer, orders, { disk })).map(({ index }) => index);
}

/** Indices with which more than one content was signed and given to a file, whatever became of the file. */
export function reused(disk: CrashingDisk, publicKey: Uint8Array): number[] {
  const contents = new Map<number, Set<string>>();
  for (const { path, bytes } of disk.released) {
    if (!path.includes(".update")) continue;
    const { envelope } = decodeUpdateFile(bytes, path);
    const { index, payload } = openEnvelope(envelope, [publicKey])!;
    contents.set(index, (contents.get(index) ?? new Set()).add(Buffer.from(payload).toString("hex")));
  }
  return [...contents].filter(([, payloads]) => payloads.size > 1).map(([index]) => index);
}
