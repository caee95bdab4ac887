import type { Board } from "../../../boards/index.js";
import { MODEL_FILE } from "../../../lib/app/plain-files.js";
import { PROVISIONING_FILE } from "../../../lib/app/provisioning.js";
import { PREVIOUS_PROVISIONING_FILE } from "../../../lib/update/provisioning-trial.js";
import { INSTALLATION_FILE } from "../../../lib/update/slots.js";
import { slotsRoom } from "../../simulate/flash/slot-layout.js";
import { SlotWriter } from "./slot-writer.js";
import { uploadInterrupted, uploadNoRoom, uploadWrongBoard } from "../../errors/upload.js";
import { EspruinoConsole } from "../console/espruino-console.js";
import type { LineOptions, OpenLine, SerialLine } from "../serial/serial-line.js";
import { type DeviceFacts, isThere, lookAtDevice, type StorageFile } from "./device-files.js";
import { byteLiteral } from "./literal.js";
import { restart } from "./restart.js";
import { storageBytes, StorageWriter, TEMPORARY_FILE } from "./storage-writer.js";

const CODE_FILE = ".bootcde";
/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;

export interface UploadOptions {
  readonly path: string;
  readonly openLine: OpenLine;
  readonly baudRate: number;
  readonly board: Board;
  readonly files: readonly StorageFile[];
  readonly signal?: AbortSignal;
  /** Called once it is known what must be sent. */
  readonly planned?: (plan: UploadPlan) => void;
  readonly progress?: (sentBytes: number) => void;
}

/** What will be sent. */
export interface UploadPlan {
  readonly version: string;
  readonly changed: readonly string[];
  readonly bytes: number;
  /** At the port's rate, for what goes over the wire; writing flash comes on top. */
  readonly estimateSec: number;
}

/** What became of it. */
export interface Uploaded extends UploadPlan {
  readonly unchanged: readonly string[];
  /** What the application printed while it started; empty where nothing was sent. */
  readonly printed: readonly string[];
  readonly facts: DeviceFacts;
}

/**
 * Brings files to a running Espruino through its console: only those whose length or CRC-32 differ, each verified; then
 * restarts it and waits until the application has started. Nothing is sent, and nothing restarts, where all is there.
 * @throws SertaoError UPLOAD_…, CONSOLE_…, PORT_…
 */
export async function upload(options: UploadOptions): Promise<Uploaded> {
  const { path, openLine, baudRate, board, files, signal } = options;
  const lineOptions: LineOptions = { baudRate, flowControl: true };
  let line: SerialLine = await openLine(path, lineOptions);
  try {
    const device = new EspruinoConsole(line);
    await device.open();
    const names = [...files.map(({ name }) => name), PROVISIONING_FILE, PREVIOUS_PROVISIONING_FILE];
    const facts = await lookAtDevice(device, names);
    if (!board.firmwareBoards.includes(facts.board))
      throw uploadWrongBoard(facts.board, board.id, board.firmwareBoards.join(" or "));
    const slots = new SlotWriter(device, board.storage);
    const slotFiles = files.filter(({ contentBytes }) => contentBytes !== undefined);
    const places = await slots.find(slotFiles.map(({ name }) => name));
    const isLaidOut = slotFiles.every(({ name, bytes }) => places.get(name)?.bytes === bytes.length);
    // What loads the application comes last: it is there once everything else is.
    const changed = files
      .filter((file) => (isSlot(file) && !isLaidOut) || !isWhole(file, facts))
      .sort((a, b) => rank(a) - rank(b));
    const plan = planOf(changed, facts, baudRate);
    options.planned?.(plan);
    const unchanged = files.filter((file) => !changed.includes(file)).map(({ name }) => name);
    if (changed.length === 0) return { ...plan, unchanged, printed: [], facts };
    const keeps = keepsPrevious(changed, facts);
    refuseNoRoom(keeps === undefined ? changed : [...changed, keeps], facts, board.storage.pageBytes);
    stopIfAsked(signal);
    // Functions run from Storage, and writing to it moves them.
    await device.evaluate("reset()");
    await device.open();
    if (keeps !== undefined) await keepPrevious(device);
    if (!isLaidOut) await slots.makeRoom([...slotFiles.map(({ name }) => name), MODEL_FILE, TEMPORARY_FILE]);
    const writer = new StorageWriter(device, await lookAtDevice(device, [TEMPORARY_FILE]));
    let before = 0;
    for (const file of changed) {
      const sent = (bytes: number): void => {
        options.progress?.(before + bytes);
        stopIfAsked(signal);
      };
      if (isSlot(file)) await writer.writeSlot(slots, file, isLaidOut ? places.get(file.name) : undefined, sent);
      else await writer.write(file, facts.files.get(file.name), sent);
      before += contentOf(file).length;
    }
    const started = await restart(device, line, openLine, lineOptions);
    line = started.line;
    return { ...plan, unchanged, printed: started.printed, facts };
  } finally {
    await line.close();
  }
}

function planOf(changed: readonly StorageFile[], facts: DeviceFacts, baudRate: number): UploadPlan {
  const wireBytes = changed.reduce((sum, file) => sum + byteLiteral(contentOf(file)).length, 0);
  return {
    version: facts.version,
    changed: changed.map(({ name }) => name),
    bytes: changed.reduce((sum, file) => sum + contentOf(file).length, 0),
    estimateSec: (wireBytes * BITS_PER_BYTE) / baudRate,
  };
}

/** Refuses files that Storage cannot hold, before anything of it is erased. */
function refuseNoRoom(changed: readonly StorageFile[], { storage, files }: DeviceFacts, pageBytes: number): void {
  const plain = changed.filter((file) => !isSlot(file));
  const needed =
    plain.reduce((sum, { bytes }) => sum + storageBytes(bytes.length), 0) +
    slotsRoom(
      changed.filter(isSlot).map(({ name, bytes }) => ({ name, bytes: bytes.length })),
      pageBytes,
    );
  const replaced = changed
    .flatMap(({ name }) => files.get(name) ?? [])
    .reduce((sum, { bytes }) => sum + storageBytes(bytes), 0);
  const room = storage.freeBytes + storage.trashBytes + replaced;
  if (needed > room) throw uploadNoRoom(needed, room);
}

/**
 * The copy of the provisioning that the device shall keep beside a new one; none where it has none, or still keeps an
 * older one that worked.
 */
function keepsPrevious(changed: readonly StorageFile[], { files }: DeviceFacts): StorageFile | undefined {
  const present = files.get(PROVISIONING_FILE);
  const isReplaced = changed.some(({ name }) => name === PROVISIONING_FILE);
  if (present === undefined || !isReplaced || files.has(PREVIOUS_PROVISIONING_FILE)) return undefined;
  return { name: PREVIOUS_PROVISIONING_FILE, bytes: new Uint8Array(present.bytes) };
}

async function keepPrevious(device: EspruinoConsole): Promise<void> {
  // The copy goes through memory: making room for it may move the file that it comes from.
  const copy = `E.toUint8Array(s.read("${PROVISIONING_FILE}"))`;
  await device.evaluate(`(s=>s.write("${PREVIOUS_PROVISIONING_FILE}",${copy}))(require("Storage"))`);
}

/** Slots go behind all other files, and what says that they are there behind them. */
function rank(file: StorageFile): number {
  if (isSlot(file)) return 1;
  const late = [INSTALLATION_FILE, CODE_FILE].indexOf(file.name);
  return late < 0 ? 0 : late + 2;
}

function isSlot({ contentBytes }: StorageFile): boolean {
  return contentBytes !== undefined;
}

/** A slot for updates holds what the device has in it. */
function isWhole(file: StorageFile, facts: DeviceFacts): boolean {
  return file.contentBytes === 0 || isThere(file, facts);
}

/** What of a file goes over the wire. */
function contentOf({ bytes, contentBytes }: StorageFile): Uint8Array {
  return bytes.subarray(0, contentBytes);
}

function stopIfAsked(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw uploadInterrupted();
}
