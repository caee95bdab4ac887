import { encodeUpdateOffer } from "../messages/update-offer.js";
import { byDevice } from "../store/by-device.js";
import type { DeviceUpdate, UpdateStore } from "../store/update-store.js";
import { chooseOffer } from "./choose-offer.js";
import { needsMac, type ServedUpdates } from "./served-updates.js";

/** What a keeper of offers works with. */
export interface OfferKeeperOptions {
  readonly store: UpdateStore;
  readonly served: ServedUpdates;
  /** Publishes a retained offer, an empty one to take it away; resolves when the broker has it. */
  tell(device: string, payload: Uint8Array): Promise<void>;
  /** A device is offered something, or nothing any more. */
  offered?(device: string, update: DeviceUpdate | undefined): void;
  /** A device needs a MAC, and its key is not known. */
  keyMissing?(device: string): void;
  /** The store failed, or the keys could not be read. */
  failed(error: unknown): void;
}

/** What a device shall be told: an update by sequence and proof, or nothing. */
interface Wanted {
  readonly label: string;
  readonly update: DeviceUpdate | undefined;
  /** True where the store may remember another offer at the broker. */
  readonly replaces: boolean;
}

const NOTHING = "";
const NO_OFFER: Wanted = { label: NOTHING, update: undefined, replaces: true };

/** Keeps the retained offers of a broker in line with the store. */
export class OfferKeeper {
  readonly #options: OfferKeeperOptions;
  /** What the broker has, of devices that it was told anything of. */
  readonly #told = new Map<string, string>();
  readonly #wanted = new Map<string, Wanted>();
  readonly #telling = new Set<string>();
  readonly #keyless = new Set<string>();
  #isBehind = false;

  constructor(options: OfferKeeperOptions) {
    this.#options = options;
  }

  /** True where the last look at the store, or what followed from it, failed. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** True for a device whose offer depends on what it says of itself next. */
  watches(device: string): boolean {
    return this.#keyless.has(device) || (this.#told.get(device) ?? NOTHING) !== NOTHING;
  }

  /** Looks at the store, of one device or of all, and tells the broker what has changed. Resolves when it has it. */
  async sync(device?: string): Promise<void> {
    try {
      if (device === undefined) this.#isBehind = false;
      const updates = byDevice(await this.#options.store.active(device));
      const devices = new Set([...updates.keys(), ...(device === undefined ? this.#told.keys() : [device])]);
      const changed: { device: string; sequence: number }[] = [];
      for (const each of devices) {
        const wanted = wish(updates.get(each) ?? []);
        this.#wanted.set(each, wanted);
        const { update } = wanted;
        if (update !== undefined && !update.retained) changed.push({ device: each, sequence: update.sequence });
      }
      // Before the broker has them: after a crash in between they are taken away if they are not wanted any more.
      if (changed.length > 0) await this.#options.store.offering(changed);
      await Promise.all([...devices].map((each) => this.#tell(each)));
    } catch (error) {
      this.#isBehind = true;
      this.#options.failed(error);
    }
  }

  /** Tells the broker of all offers again: it has forgotten them. */
  async again(): Promise<void> {
    this.#told.clear();
    await this.sync();
  }

  /** Tells the broker of one device's offer again, or that there is none: the device has heard of another. */
  async correct(device: string): Promise<void> {
    this.#told.set(device, "unknown");
    await this.sync(device);
  }

  /** One after another for each device; what is wanted may change meanwhile. */
  async #tell(device: string): Promise<void> {
    if (this.#telling.has(device)) return;
    this.#telling.add(device);
    try {
      for (let wanted = this.#due(device); wanted !== undefined; wanted = this.#due(device)) {
        const payload = await this.#payload(wanted.update);
        if (payload === undefined) return this.#withoutKey(device);
        this.#keyless.delete(device);
        if (!(await this.#reaches(device, payload))) return;
        this.#told.set(device, wanted.label);
        if (wanted.replaces) await this.#options.store.offered(device, wanted.update?.sequence);
        this.#options.offered?.(device, wanted.update);
        if (wanted.label === NOTHING && this.#wanted.get(device) === wanted) this.#forget(device);
      }
    } finally {
      this.#telling.delete(device);
    }
  }

  /** False where the broker did not take it. */
  async #reaches(device: string, payload: Uint8Array): Promise<boolean> {
    return this.#options.tell(device, payload).then(
      () => true,
      () => !(this.#isBehind = true),
    );
  }

  /** What the broker has to be told of a device; undefined where it has it. */
  #due(device: string): Wanted | undefined {
    const wanted = this.#wanted.get(device);
    const told = this.#told.get(device);
    if (wanted === undefined || wanted.label === told) return undefined;
    // Of a device that was never told of anything there is nothing to take away, unless the store remembers.
    return wanted.label === NOTHING && told === undefined && !wanted.replaces ? undefined : wanted;
  }

  async #payload(update: DeviceUpdate | undefined): Promise<Uint8Array | undefined> {
    if (update === undefined) return new Uint8Array(0);
    const served = await this.#options.served.envelope(update);
    return served && encodeUpdateOffer(served.kind, update.sequence, served.envelope);
  }

  #withoutKey(device: string): void {
    this.#keyless.add(device);
    this.#options.keyMissing?.(device);
  }

  #forget(device: string): void {
    this.#told.delete(device);
    this.#wanted.delete(device);
  }
}

function wish(updates: readonly DeviceUpdate[]): Wanted {
  const update = chooseOffer(updates);
  const replaces = updates.some(({ retained, sequence }) => retained && sequence !== update?.sequence);
  if (update === undefined) return { ...NO_OFFER, replaces };
  return { label: `${update.sequence} ${needsMac(update.board) ? "mac" : "signature"}`, update, replaces };
}
