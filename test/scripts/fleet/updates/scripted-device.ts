import type { IClientOptions, MqttClient } from "mqtt";
import { equalBytes } from "../../../../lib/core/bytes.js";
import { CborReader } from "../../../../lib/core/cbor-reader.js";
import { CborWriter } from "../../../../lib/core/cbor-writer.js";
import { Field, type Manifest, PIECE_BYTES, readManifest } from "../../../../lib/update/manifest.js";
import { isBlock, unpackPiece } from "../../../../lib/update/pieces.js";
import { openEnvelope } from "../../../../scripts/ota/envelope.js";
import { nodeDigest } from "../../../../scripts/ota/node-digest.js";
import { connectDevice } from "../device-client.js";

/** An offer as the device reads it. */
export interface Offer {
  readonly kind: number;
  readonly sequence: number;
  readonly size: number;
  readonly digest: Uint8Array;
}

/** What a block has of one piece. */
interface Block {
  readonly id: number;
  /** Address of the first byte. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** Bytes that a request is for: three pieces at once. */
const REQUEST_BYTES = 3 * PIECE_BYTES;
const REPEAT_MS = 500;

/** A small device: what it reads and writes goes through the library's CBOR, manifests and pieces. */
export class ScriptedDevice {
  readonly id: string;
  client!: MqttClient;
  /** Offers as they came; undefined for one that was taken away. */
  readonly offers: (Offer | undefined)[] = [];
  readonly blocks: Block[] = [];
  /** Its flash: pieces of the image of each sequence. */
  readonly flash = new Map<number, Map<number, Uint8Array>>();
  requests = 0;
  #wake: () => void = () => undefined;

  constructor(id: string) {
    this.id = id;
  }

  async connect(port: number, more: IClientOptions = {}): Promise<void> {
    this.client = await connectDevice(port, this.id, more);
    this.client.on("message", (topic, payload) => {
      if (topic.endsWith("/update/offer")) this.offers.push(payload.length === 0 ? undefined : readOffer(payload));
      else if (topic.endsWith("/update/block")) this.blocks.push(...readBlock(payload));
      this.#wake();
    });
    await this.client.subscribeAsync({
      [`sertao/v1/${this.id}/update/offer`]: { qos: 1 },
      [`sertao/v1/${this.id}/update/block`]: { qos: 0 },
    });
  }

  /** Resolves with the last offer once there have been so many messages of it. */
  async offer(count = 1): Promise<Offer | undefined> {
    await this.#until(() => this.offers.length >= count);
    return this.offers.at(-1);
  }

  request(sequence: number, part: number, first: number, count: number): number {
    const id = ++this.requests;
    void this.client.publishAsync(this.#topic("update/request"), numbers([1, id, sequence, part, first, count]));
    return id;
  }

  async report(sequence: number, state: number, reason = 0, done = 0, total = 0): Promise<void> {
    const payload = numbers([1, sequence, state, reason, done, total]);
    await this.client.publishAsync(this.#topic("update/state"), payload, { qos: 1 });
  }

  /** Fetches and checks the envelope of an offer. */
  async envelope({ sequence, size, digest }: Offer): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < size; at += REQUEST_BYTES) {
      const count = Math.min(REQUEST_BYTES, size - at);
      pieces.push(...(await this.#answer(sequence, 0, at, count)).map(({ bytes }) => bytes));
    }
    const envelope = Buffer.concat(pieces);
    if (envelope.length !== size || !equalBytes(nodeDigest.sha256(envelope), 0, digest, 0, 32))
      throw new Error("the envelope is not the one that was offered");
    return envelope;
  }

  /**
   * Fetches what it lacks of an image, and verifies each block.
   * @param most pieces to fetch before it stops, as if its power failed
   * @returns the image, or undefined where it stopped
   */
  async image(manifest: Manifest, most = Infinity): Promise<Uint8Array | undefined> {
    const [sequence, bytes] = [manifest[Field.SEQUENCE], manifest[Field.IMAGE_BYTES]];
    const flash = this.flash.get(sequence) ?? new Map<number, Uint8Array>();
    this.flash.set(sequence, flash);
    const count = Math.ceil(bytes / PIECE_BYTES);
    let fetched = 0;
    for (let first = 0; first < count; first++) {
      if (flash.has(first)) continue;
      if (fetched >= most) return undefined;
      const asked = Math.min(REQUEST_BYTES, (count - first) * PIECE_BYTES);
      for (const { index, bytes: travelled } of await this.#answer(sequence, 1, first * PIECE_BYTES, asked)) {
        const number = index / PIECE_BYTES;
        const piece = new Uint8Array(Math.min(PIECE_BYTES, bytes - index));
        if (!unpackPiece(manifest, travelled, 0, travelled.length, piece))
          throw new Error(`piece ${number} does not unpack`);
        if (!isBlock(manifest, nodeDigest, number, piece)) throw new Error(`block ${number} is another`);
        flash.set(number, piece);
        fetched++;
      }
    }
    return Buffer.concat(Array.from({ length: count }, (_, i) => flash.get(i)!));
  }

  /** Fetches an offer whole and reads it. @param keys it trusts */
  async fetch(
    offer: Offer,
    keys: readonly Uint8Array[],
  ): Promise<{ manifest: Manifest; image: Uint8Array; proof: string }> {
    const opened = openEnvelope(await this.envelope(offer), keys)!;
    if (opened.proof === "signature" && opened.signer < 0) throw new Error("the signature is wrong");
    const manifest = readManifest(opened.payload, 0, opened.payload.length) as Manifest;
    return { manifest, image: (await this.image(manifest))!, proof: opened.proof };
  }

  #topic(name: string): string {
    return `sertao/v1/${this.id}/${name}`;
  }

  /** Blocks of a request, which is repeated where none of them comes for a while. */
  async #answer(sequence: number, part: number, first: number, count: number): Promise<Block[]> {
    for (;;) {
      const id = this.request(sequence, part, first, count);
      const own = (): Block[] => this.blocks.filter((block) => block.id === id);
      const isWhole = (): boolean => {
        const last = own().at(-1);
        if (last === undefined) return false;
        const lastPiece = Math.floor((first + count - 1) / PIECE_BYTES);
        return Math.floor(last.index / PIECE_BYTES) === lastPiece;
      };
      if (await this.#until(isWhole, REPEAT_MS)) return own();
    }
  }

  async #until(done: () => boolean, ms = 20_000): Promise<boolean> {
    const end = Date.now() + ms;
    while (!done()) {
      if (Date.now() > end) {
        if (ms === REPEAT_MS) return false;
        throw new Error(`${this.id} waited in vain`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 20);
      });
    }
    return true;
  }
}

function numbers(values: readonly number[]): Buffer {
  const writer = new CborWriter(new Uint8Array(64));
  writer.array(values.length);
  for (const value of values) writer.number(value);
  return Buffer.from(writer.bytes.slice(0, writer.length));
}

function readOffer(payload: Uint8Array): Offer {
  const reader = new CborReader(payload, 0, payload.length);
  const items = reader.array();
  const [version, kind, sequence, size] = [1, 2, 3, 4].map(() => reader.unsigned());
  const length = reader.byteString();
  if (reader.failed || items !== 5 || version !== 1 || length !== 32 || payload.length > 128)
    throw new Error("that is no offer");
  return { kind: kind!, sequence: sequence!, size: size!, digest: payload.slice(reader.at - length, reader.at) };
}

function readBlock(payload: Uint8Array): Block[] {
  const reader = new CborReader(payload, 0, payload.length);
  const items = reader.array();
  const [version, id, index] = [1, 2, 3].map(() => reader.unsigned());
  const blocks: Block[] = [];
  for (let i = 3, at = index!; i < items; i++, at += PIECE_BYTES - (at % PIECE_BYTES)) {
    const length = reader.byteString();
    if (length > PIECE_BYTES) throw new Error("that is no piece");
    blocks.push({ id: id!, index: at, bytes: payload.slice(reader.at - length, reader.at) });
  }
  if (reader.failed || version !== 1 || reader.at !== payload.length) throw new Error("that is no block");
  return blocks;
}
