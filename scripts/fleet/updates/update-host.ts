import { UPDATE_BLOCK, UPDATE_OFFER, type Topic } from "../../../lib/uplink/topics.js";
import { UpdatePart, type UpdateRequest } from "../messages/update-request.js";
import type { DeviceKeys } from "../secrets/device-keys.js";
import type { Arrival, Outcome } from "../store/store.js";
import type { DeviceUpdate, UpdateStore } from "../store/update-store.js";
import { answerBlocks } from "./answer-blocks.js";
import { BlockSender, type BlockSenderOptions } from "./block-sender.js";
import { OfferKeeper } from "./offer-keeper.js";
import { ServedUpdates } from "./served-updates.js";

/** What a host of updates tells. */
export interface UpdateObserver {
  /** A device is offered an update, or nothing any more. */
  offered?(device: string, update: DeviceUpdate | undefined): void;
  /** A device asks for a part of an update, and gets it. */
  requested?(device: string, request: UpdateRequest): void;
  /** A device says something new of an update. */
  updateState?(device: string, sequence: number, state: number, reason: number): void;
  /** A device needs a MAC, and its key is not known: it is offered nothing. */
  updateKeyMissing?(device: string): void;
}

export interface UpdateHostOptions extends Pick<BlockSenderOptions, "bytesPerSecond" | "now" | "later"> {
  readonly store: UpdateStore;
  readonly keys: DeviceKeys | undefined;
  /** Publishes to a device; resolves when the broker has it. */
  publish(device: string, topic: Topic, payload: Uint8Array): Promise<void>;
  /** The store failed, or the keys could not be read. */
  failed(error: unknown): void;
  readonly observer: UpdateObserver;
}

/** A device that asks for what it is not offered is corrected once in this time. */
const CORRECTION_MS = 60_000;
/** Devices whose last correction is remembered. */
const MAX_CORRECTED = 10_000;

/** Offers updates to devices and answers their requests. */
export class UpdateHost {
  readonly #options: UpdateHostOptions;
  readonly #served: ServedUpdates;
  readonly #offers: OfferKeeper;
  readonly #sender: BlockSender;
  readonly #corrected = new Map<string, number>();

  constructor(options: UpdateHostOptions) {
    const { store, keys, publish, failed, observer, bytesPerSecond, now, later } = options;
    this.#options = options;
    this.#served = new ServedUpdates(store, keys);
    this.#offers = new OfferKeeper({
      store,
      served: this.#served,
      tell: (device, payload) => publish(device, UPDATE_OFFER, payload),
      offered: (device, update) => observer.offered?.(device, update),
      keyMissing: (device) => observer.updateKeyMissing?.(device),
      failed,
    });
    this.#sender = new BlockSender({
      bytesPerSecond,
      now,
      later,
      send: (device, block) => publish(device, UPDATE_BLOCK, block),
    });
  }

  /** True where offers are not in line with the store, because something failed. */
  get isBehind(): boolean {
    return this.#offers.isBehind;
  }

  /** Brings the offers in line with the store. */
  sync(): Promise<void> {
    return this.#offers.sync();
  }

  /** Offers everything again, to a broker that has forgotten. */
  offerAgain(): Promise<void> {
    return this.#offers.again();
  }

  /** Answers a request: with the blocks, or with nothing where the update is not for the device or has no such part. */
  async request(device: string, request: UpdateRequest): Promise<void> {
    try {
      const update = await this.#options.store.ofDevice(device, request.sequence);
      if (update?.phase !== "open" && update?.phase !== "fetched") return await this.#correct(device);
      const part = request.part === UpdatePart.ENVELOPE ? "envelope" : "image";
      const pieces = await this.#served.pieces(update, part);
      this.#options.observer.requested?.(device, request);
      this.#sender.answer(device, answerBlocks(request, pieces));
    } catch (error) {
      this.#options.failed(error);
    }
  }

  /** Follows what a device has said, once that is committed. */
  async heard({ device, message }: Arrival, { isNews }: Outcome): Promise<void> {
    if (message.kind === "update/state" && isNews === true) {
      this.#options.observer.updateState?.(device, message.sequence, message.state, message.reason);
      await this.#offers.sync(device);
    } else if (message.kind === "status" && message.board !== undefined && this.#offers.watches(device))
      await this.#offers.sync(device);
  }

  stop(): void {
    this.#sender.stop();
  }

  /** What a broker kept, or a device remembers, may be an offer that was taken away. */
  async #correct(device: string): Promise<void> {
    const now = this.#options.now();
    if (now - (this.#corrected.get(device) ?? -Infinity) < CORRECTION_MS) return;
    if (this.#corrected.size >= MAX_CORRECTED) this.#corrected.clear();
    this.#corrected.set(device, now);
    await this.#offers.correct(device);
  }
}
