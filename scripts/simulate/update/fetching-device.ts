import { FlashPages } from "../../../lib/flash/flash-pages.js";
import type { Clock, TimerId } from "../../../lib/hal/clock.js";
import type { SlotStore } from "../../../lib/hal/file-store.js";
import type { FlashRegion } from "../../../lib/hal/flash-region.js";
import { FlashSettings } from "../../../lib/settings/flash-settings.js";
import { UpdateAgent } from "../../../lib/update/agent.js";
import type { LentHost, ModelTraits } from "../../../lib/update/agent-link.js";
import { readOffer } from "../../../lib/update/offer.js";
import type { Proof } from "../../../lib/update/proof.js";
import { isRefused } from "../../../lib/update/refused-updates.js";
import { signatureProof } from "../../../lib/update/signature-proof.js";
import { Slots } from "../../../lib/update/slots.js";
import { encodeNumbers } from "../../../lib/update/update-state.js";
import { nodeDigest } from "../../ota/node-digest.js";
import { FlashWindow } from "../flash/flash-window.js";
import { SimulatedFiles } from "../flash/simulated-files.js";

/** `update/state` as the device reports it: sequence, state, reason, done, total. */
export type ReportedState = readonly [number, number, number, number, number];

/** What the device is. */
export interface FetchingTraits {
  readonly application: string;
  readonly board: string;
  readonly device: string;
  readonly runtime: string;
  readonly freeBytes: number;
  readonly operators: readonly number[];
  readonly model: ModelTraits;
  readonly proof: Proof;
}

export const ORCHARD_TRAITS: FetchingTraits = {
  application: "orchard-frost",
  board: "esp32",
  device: "tree7",
  runtime: "0.1.0",
  freeBytes: 60_000,
  operators: [1, 4],
  model: [600, Uint8Array.of(1, 4), 4, 1],
  proof: signatureProof(nodeDigest),
};

/** Pages that settings take at the front of the flash; Storage has the rest. */
export const SETTINGS_PAGES = 2;

/** The settings and files of a device in one flash, so that the power can go at any operation of either. */
export function storesIn(flash: FlashRegion): { settings: FlashSettings; files: SlotStore } {
  const settings = new FlashSettings(new FlashPages(new FlashWindow(flash, 0, SETTINGS_PAGES)));
  return { settings, files: new SimulatedFiles(flash, SETTINGS_PAGES, flash.pageCount - SETTINGS_PAGES) };
}

/**
 * One boot of a device that fetches updates, without an engine, a broker or time: the agent with real settings, slots and
 * files. What it asks for goes to `requests`; what it hears is handed in.
 */
export class FetchingDevice {
  readonly settings: FlashSettings;
  readonly files: SlotStore;
  readonly slots: Slots;
  readonly states: ReportedState[] = [];
  readonly requests: Uint8Array[] = [];
  /** How the agent ended; undefined while it runs. */
  closed: "restart" | "done" | undefined;
  agent: UpdateAgent | undefined;
  readonly clock = new ShortClock();

  constructor(
    flash: FlashRegion,
    private readonly traits: FetchingTraits = ORCHARD_TRAITS,
  ) {
    const { settings, files } = storesIn(flash);
    this.settings = settings;
    this.files = files;
    this.slots = new Slots(settings, files);
    this.slots.install();
  }

  /** Hears an offer, as the application does (lib/app/updates.ts). @returns false where it is passed over */
  offer(message: Uint8Array): boolean {
    const { slots, settings, traits } = this;
    const offer = readOffer(message, 0, message.length);
    const accepted = slots.accepted();
    if (!offer || isRefused(settings, offer)) return false;
    if (offer[1] === accepted && slots.waiting(offer[0] & 1) === 0) return false;
    this.closed = undefined;
    const lent: LentHost = [
      offer,
      (key) => settings.get(key),
      (key, value) => settings.set(key, value),
      (kind) => slots.spareFile(kind),
      (kind) => slots.waiting(kind),
      (kind) => slots.withdraw(kind),
      (manifest) => slots.stage(manifest),
      (sequence) => slots.accept(sequence),
      (items) => this.requests.push(encodeNumbers(items)),
      (...state) => this.states.push(state),
      (restart) => (this.closed = restart ? "restart" : "done"),
      traits.application,
      traits.board,
      traits.device,
      traits.runtime,
      accepted,
      traits.freeBytes,
      Uint8Array.from(traits.operators),
      traits.model,
    ];
    const { clock, files } = this;
    const agent = new UpdateAgent({ files, clock, proof: traits.proof, lent });
    this.agent = agent;
    agent.start();
    return true;
  }

  /** Hears `update/block`, whole or the first `bytes` of it. */
  hear(message: Uint8Array, bytes = message.length): void {
    if (this.closed === undefined) this.agent?.heard(message, 0, bytes);
  }

  /**
   * Lets the agent run until it ends, or `most` blocks have come and the end of the connection cuts the next one in half.
   * @param answer the blocks to a request
   * @param onHeard called after each block that was handed in
   */
  run(
    answer: (request: Uint8Array) => readonly Uint8Array[],
    most = Infinity,
    onHeard: () => void = () => undefined,
  ): void {
    let answered = 0;
    for (;;) {
      this.clock.settle();
      const request = this.closed === undefined ? this.requests.pop() : undefined;
      if (request === undefined) return;
      this.requests.length = 0;
      for (const block of answer(request)) {
        const isCut = answered++ >= most;
        this.hear(block, isCut ? block.length >> 1 : undefined);
        if (isCut) this.agent?.closed();
        onHeard();
        if (isCut) return;
      }
    }
  }
}

/** Time stands still: what is due soon happens in `settle`, what is due later never. */
class ShortClock implements Clock {
  readonly #due: (() => void)[] = [];

  nowMs(): number {
    return 0;
  }

  after(delayMs: number, run: () => void): TimerId {
    if (delayMs <= 1) this.#due.push(run);
    return 0;
  }

  cancel(): void {
    // What is due soon is never taken back.
  }

  settle(): void {
    for (let run = this.#due.shift(); run !== undefined; run = this.#due.shift()) run();
  }
}
