import { AGENT_FILE } from "../../lib/update/agent-link.js";
import { KEEPER_FILE } from "../../lib/update/keeper-link.js";
import { INSTALLATION_FILE } from "../../lib/update/slots.js";
import { MODEL_FILE } from "../../lib/app/plain-files.js";
import type { BuiltApp } from "./build-app.js";
import { BUNDLE_FILE, LOADER_FILE, NOTE_FILE, PACK_FILE, SUPERVISOR_FILE } from "./build-manifest.js";

/** A file for a board's storage. */
export interface StorageFile {
  readonly name: string;
  /** All of it: of a slot with the erased bytes behind its content. */
  readonly bytes: Uint8Array;
  /** Of a slot: bytes of its content, 0 where it is for updates. A slot has pages of its own. */
  readonly contentBytes?: number;
}

/** The contents of a build's files, by their names in its folder. */
export function buildFiles({ code, installation, keeper, pack }: Runnable): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>([[BUNDLE_FILE, Buffer.from(code, "latin1")]]);
  if (pack) files.set(PACK_FILE, pack);
  if (keeper) files.set(KEEPER_FILE, Buffer.from(keeper, "latin1"));
  if (installation) {
    files.set(SUPERVISOR_FILE, Buffer.from(installation.supervisor, "latin1"));
    files.set(LOADER_FILE, Buffer.from(installation.loader, "latin1"));
    files.set(KEEPER_FILE, Buffer.from(installation.keeper, "latin1"));
    files.set(AGENT_FILE, Buffer.from(installation.agent, "latin1"));
    files.set(NOTE_FILE, installation.note);
  }
  return files;
}

/** What goes into a board's storage: the build's files, and where it has slots all of those. */
export function storageFiles({ code, installation, keeper, pack }: Runnable): StorageFile[] {
  const application = Buffer.from(code, "latin1");
  if (installation === undefined)
    return [
      { name: ".bootcde", bytes: application },
      ...(pack ? [{ name: MODEL_FILE, bytes: pack }] : []),
      ...(keeper ? [{ name: KEEPER_FILE, bytes: Buffer.from(keeper, "latin1") }] : []),
    ];
  const contents: Record<string, Uint8Array | undefined> = { "app.a": application, "model.a": pack };
  return [
    { name: ".boot0", bytes: Buffer.from(installation.supervisor, "latin1") },
    { name: ".bootcde", bytes: Buffer.from(installation.loader, "latin1") },
    { name: KEEPER_FILE, bytes: Buffer.from(installation.keeper, "latin1") },
    { name: AGENT_FILE, bytes: Buffer.from(installation.agent, "latin1") },
    { name: INSTALLATION_FILE, bytes: installation.note },
    ...installation.slots.map(({ name, bytes }) => slotOf(name, bytes, contents[name] ?? new Uint8Array(0))),
  ];
}

function slotOf(name: string, bytes: number, content: Uint8Array): StorageFile {
  const whole = new Uint8Array(bytes).fill(0xff);
  whole.set(content);
  return { name, bytes: whole, contentBytes: content.length };
}

/** What a device runs without a word about how it was built. */
export type Runnable = Pick<BuiltApp, "code" | "pack" | "installation" | "keeper">;
