import { createHash } from "node:crypto";
import type { Board } from "../../boards/index.js";
import type { CompiledModel } from "../model/compile.js";
import { AGENT_FILE } from "../../lib/update/agent-link.js";
import { KEEPER_FILE } from "../../lib/update/keeper-link.js";
import type { PartPlacement } from "../simulate/parts/placement.js";
import { INSTALLATION_FILE } from "../../lib/update/slots.js";
import { MODEL_FILE } from "../../lib/app/plain-files.js";
import type { AppManifest } from "./app-manifest.js";
import type { SlotSize } from "./slot-files.js";

/** Names of a build's files, in its folder. */
export const BUNDLE_FILE = "bundle.js";
export const MAP_FILE = "bundle.js.map";
export const PACK_FILE = "model.smod";
export const MANIFEST_FILE = "manifest.json";
export const SUPERVISOR_FILE = "supervisor.js";
export const LOADER_FILE = "loader.js";
export const NOTE_FILE = "installation.bin";

/** A file of the build that goes to the board. */
export interface DeviceFile {
  /** Name in the board's storage. */
  readonly name: string;
  /** Name in the build's folder. */
  readonly file: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  /** Where it goes into a slot: the size of that. */
  readonly slotBytes?: number;
}

/** What upload, simulator and updates need to know of a build; manifest.json. */
export interface BuildManifest {
  readonly format: 1;
  readonly application: string;
  readonly version: string;
  readonly board: string;
  readonly engine: string;
  readonly platform: string;
  /** Version of Sertão. */
  readonly runtime: string;
  readonly files: readonly DeviceFile[];
  /** Slots that the board has besides, for updates over the air. */
  readonly spareSlots?: readonly SlotSize[];
  readonly model?: { readonly id: number; readonly arenaBytes: number; readonly kernels: readonly string[] };
  readonly labels?: readonly string[];
  readonly readings?: string;
  readonly channels?: readonly string[];
  /** What the simulator wires to a device. */
  readonly parts?: readonly PartPlacement[];
}

/** What a build puts into a board with slots. */
export interface Installation {
  readonly supervisor: string;
  readonly loader: string;
  /** The keeper of the slots, and the update agent. */
  readonly keeper: string;
  readonly agent: string;
  /** Says what is in slots a. */
  readonly note: Uint8Array;
  readonly slots: readonly SlotSize[];
}

/**
 * Describes a build.
 * @param installation of a board with slots
 * @param keeper of a board without
 */
export function buildManifest(
  app: AppManifest,
  board: Board,
  runtime: string,
  code: string,
  model: CompiledModel | undefined,
  installation: Installation | undefined,
  keeper?: string,
): BuildManifest {
  const { files, spareSlots } = installation
    ? slotted(Buffer.from(code, "latin1"), model?.pack, installation)
    : { files: plain(Buffer.from(code, "latin1"), model?.pack, keeper), spareSlots: undefined };
  return {
    format: 1,
    application: app.name,
    version: app.version,
    board: board.id,
    engine: board.engine,
    platform: board.platform,
    runtime,
    files,
    ...(spareSlots && { spareSlots }),
    ...(model && {
      model: { id: model.report.modelId, arenaBytes: model.report.arenaBytes, kernels: model.report.kernels },
    }),
    ...(app.labels && { labels: app.labels }),
    ...(app.readings && { readings: app.readings }),
    ...(app.channels && { channels: app.channels }),
    ...(app.parts && { parts: app.parts }),
  };
}

function plain(code: Uint8Array, pack: Uint8Array | undefined, keeper: string | undefined): DeviceFile[] {
  const files = [deviceFile(".bootcde", BUNDLE_FILE, code)];
  if (pack) files.push(deviceFile(MODEL_FILE, PACK_FILE, pack));
  if (keeper) files.push(deviceFile(KEEPER_FILE, KEEPER_FILE, Buffer.from(keeper, "latin1")));
  return files;
}

function slotted(
  code: Uint8Array,
  pack: Uint8Array | undefined,
  { supervisor, loader, keeper, agent, note, slots }: Installation,
): { files: DeviceFile[]; spareSlots: SlotSize[] } {
  const inSlot = (file: DeviceFile): DeviceFile => ({
    ...file,
    slotBytes: slots.find(({ name }) => name === file.name)!.bytes,
  });
  const files = [
    deviceFile(".boot0", SUPERVISOR_FILE, Buffer.from(supervisor, "latin1")),
    deviceFile(".bootcde", LOADER_FILE, Buffer.from(loader, "latin1")),
    deviceFile(KEEPER_FILE, KEEPER_FILE, Buffer.from(keeper, "latin1")),
    deviceFile(AGENT_FILE, AGENT_FILE, Buffer.from(agent, "latin1")),
    inSlot(deviceFile("app.a", BUNDLE_FILE, code)),
    ...(pack ? [inSlot(deviceFile("model.a", PACK_FILE, pack))] : []),
    deviceFile(INSTALLATION_FILE, NOTE_FILE, note),
  ];
  const used = new Set(files.map(({ name }) => name));
  return { files, spareSlots: slots.filter(({ name }) => !used.has(name)) };
}

function deviceFile(name: string, file: string, content: Uint8Array): DeviceFile {
  return { name, file, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}
