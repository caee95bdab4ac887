import { findBoard } from "../../../boards/index.js";
import type { UpdateKind } from "../../../lib/update/manifest.js";
import { macEnvelope, openEnvelope } from "../../ota/envelope.js";
import { packPieces } from "../../ota/image.js";
import { decodeManifest, UPDATE_KINDS } from "../../ota/manifest.js";
import type { DeviceKeys } from "../secrets/device-keys.js";
import type { DeviceUpdate, UpdateStore } from "../store/update-store.js";
import { envelopePieces } from "./answer-blocks.js";

/** Updates whose pieces are kept in memory. */
const MAX_OPENED = 16;

/** An update in the form it travels in. */
interface Opened {
  readonly kind: UpdateKind;
  readonly signed: Uint8Array;
  readonly payload: Uint8Array;
  /** Packed when they are first asked for: that takes a while. */
  pieces(): readonly Uint8Array[];
}

/** True for boards whose firmware cannot verify a signature: they take a MAC with their own key. */
export function needsMac(board: string | null): boolean {
  return board !== null && findBoard(board)?.lacks.some(({ name }) => name === "sha256") === true;
}

/** Published updates as devices get them. Those that were asked for last are kept ready. */
export class ServedUpdates {
  readonly #store: UpdateStore;
  readonly #keys: DeviceKeys | undefined;
  readonly #opened = new Map<number, Promise<Opened | undefined>>();

  constructor(store: UpdateStore, keys: DeviceKeys | undefined) {
    this.#store = store;
    this.#keys = keys;
  }

  /**
   * Kind and envelope of an update for the device.
   * @returns undefined where the device needs a MAC, and its key is not known
   */
  async envelope(update: DeviceUpdate): Promise<{ kind: UpdateKind; envelope: Uint8Array } | undefined> {
    const opened = await this.#open(update.sequence);
    const envelope = opened && this.#envelopeFor(update, opened);
    return envelope && { kind: opened.kind, envelope };
  }

  /** Pieces of the envelope or of the image, as they travel to the device; none where there are none for it. */
  async pieces(update: DeviceUpdate, part: "envelope" | "image"): Promise<readonly Uint8Array[]> {
    const opened = await this.#open(update.sequence);
    if (opened === undefined) return [];
    if (part === "image") return opened.pieces();
    const envelope = this.#envelopeFor(update, opened);
    return envelope === undefined ? [] : envelopePieces(envelope);
  }

  #envelopeFor({ device, board }: DeviceUpdate, { signed, payload }: Opened): Uint8Array | undefined {
    if (!needsMac(board)) return signed;
    const key = this.#keys?.find(device);
    return key && macEnvelope(key, payload);
  }

  #open(sequence: number): Promise<Opened | undefined> {
    const known = this.#opened.get(sequence);
    const opened = known ?? this.#read(sequence);
    this.#opened.delete(sequence);
    this.#opened.set(sequence, opened);
    opened.catch(() => this.#opened.delete(sequence));
    if (this.#opened.size > MAX_OPENED) this.#opened.delete(this.#opened.keys().next().value!);
    return opened;
  }

  async #read(sequence: number): Promise<Opened | undefined> {
    const stored = await this.#store.update(sequence);
    const payload = stored && openEnvelope(stored.envelope, [])?.payload;
    const manifest = payload && decodeManifest(payload);
    if (manifest === undefined || typeof manifest === "number") return undefined;
    let pieces: readonly Uint8Array[] | undefined;
    return {
      kind: UPDATE_KINDS.indexOf(manifest.kind) as UpdateKind,
      signed: stored!.envelope,
      payload: payload!,
      pieces: () => (pieces ??= packPieces(stored!.image, manifest.image?.compression ?? "none")),
    };
  }
}
