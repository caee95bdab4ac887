import { SettingKey } from "../../../lib/settings/keys.js";
import { PART_FILE } from "../../../lib/update/agent.js";
import { UpdateKind } from "../../../lib/update/manifest.js";
import { OfferAt, readOffer } from "../../../lib/update/offer.js";
import type { SimulatedFlash } from "../flash/simulated-flash.js";
import type { BlockSource } from "../update/block-source.js";
import { FetchingDevice } from "../update/fetching-device.js";
import type { FetchedUpdate, FetchScenario } from "./fetch-scenarios.js";
import type { Model } from "./subject.js";

/** A device between boots is nothing but its flash. */
export interface FetchBench {
  readonly flash: SimulatedFlash;
}

export interface FetchSetting {
  readonly scenario: FetchScenario;
  readonly source: BlockSource;
  readonly offers: ReadonlyMap<FetchedUpdate, Uint8Array>;
  /** What came over the cable, by kind: model, application. */
  readonly installed: readonly Uint8Array[];
}

const PIECE_BYTES = 1024;
/** Places in the progress (lib/update/progress.ts). */
const ENVELOPE_PIECES_AT = 12;
const IMAGE_BLOCKS_AT = 13;
const PART_WORDS_AT = 14;

/**
 * What is active is whole, and was verified; the accepted sequence does not go back; companions are active together; a
 * verified block is neither lost nor asked for again; trusted keys are the old or the new.
 */
export class FetchModel implements Model<FetchBench> {
  #accepted = 0;
  /** Of the update that is being fetched: pieces of the envelope and blocks of the image that are marked. */
  #kept: readonly [number, number] = [0, 0];
  #sequence = 0;
  #at = 0;
  #problems: string[] = [];

  constructor(private readonly setting: FetchSetting) {}

  clone(): FetchModel {
    const copy = new FetchModel(this.setting);
    copy.#accepted = this.#accepted;
    copy.#kept = this.#kept;
    copy.#sequence = this.#sequence;
    copy.#at = this.#at;
    copy.#problems = [...this.#problems];
    return copy;
  }

  step(index: number, bench: FetchBench): FetchBench {
    this.#at = index;
    const { update, blocks } = this.setting.scenario.steps[index]!;
    this.#fetch(bench, update, blocks);
    return bench;
  }

  /** After a cut the update of that time is fetched to its end. */
  aftermath(_index: number, bench: FetchBench): void {
    this.#fetch(bench, this.setting.scenario.steps[this.#at]!.update, Infinity);
  }

  check(_bench: FetchBench, flash: SimulatedFlash): string[] {
    const device = new FetchingDevice(flash);
    const problems = this.#problems.splice(0);
    const { slots } = device;
    const updates = this.setting.scenario.steps.map(({ update }) => update);
    const sequences = [UpdateKind.MODEL, UpdateKind.APPLICATION].map((kind) => slots.activeSequence(kind));
    for (const [kind, sequence] of sequences.entries()) {
      const update = updates.find((one) => one.sequence === sequence && one.kind === kind);
      const image = sequence === 0 ? this.setting.installed[kind]! : update?.image;
      if (image === undefined) problems.push(`sequence ${sequence} of kind ${kind} is active, which nobody offered`);
      else if (!holds(device, slots.activeFile(kind), image))
        problems.push(`the active image of kind ${kind} is damaged`);
    }
    if (this.setting.scenario.name.endsWith("pair") && (sequences[0] === 0) !== (sequences[1] === 0))
      problems.push(`one of two companions is active alone: ${sequences.join(" and ")}`);
    if (slots.accepted() < this.#accepted) problems.push(`accepted went back to ${slots.accepted()}`);
    this.#accepted = slots.accepted();
    problems.push(...this.#checkProgress(device, updates), ...checkKeys(device, updates));
    return problems;
  }

  #checkProgress(device: FetchingDevice, updates: readonly FetchedUpdate[]): string[] {
    const progress = device.settings.get(SettingKey.UPDATE_PROGRESS);
    const sequence = progress.length > 0 ? new DataView(progress.buffer).getUint32(progress.byteOffset, true) : 0;
    const update = updates.find((one) => one.sequence === sequence);
    if (update === undefined) {
      if (this.#sequence > this.#accepted && this.#kept[0] > 0)
        return [`the progress of ${this.#sequence} is lost, of which ${this.#kept.join(" and ")} were kept`];
      return [];
    }
    const done = [progress[ENVELOPE_PIECES_AT]!, progress[IMAGE_BLOCKS_AT]!] as const;
    if (sequence === this.#sequence && (done[0] < this.#kept[0] || done[1] < this.#kept[1]))
      return [`of ${this.#kept.join(" and ")} kept pieces and blocks, ${done.join(" and ")} are left`];
    this.#sequence = sequence;
    this.#kept = done;
    // What is kept of a piece is what travels of it.
    const part = done[0] * PIECE_BYTES < offerBytes(this.setting.offers.get(update)!) ? 0 : 1;
    const piece = this.setting.source.pieces(sequence, part)[done[part]] ?? new Uint8Array(0);
    if (!holds(device, PART_FILE, piece.subarray(0, progress[PART_WORDS_AT]! * 4)))
      return [`what is kept of piece ${done[part]} of part ${part} is something else`];
    const spare = device.slots.spareFile(update.kind);
    const blocks = update.image.slice(0, done[1] * PIECE_BYTES);
    return spare === "" || holds(device, spare, blocks) ? [] : ["a verified block is not in flash any more"];
  }

  #fetch({ flash }: FetchBench, update: FetchedUpdate, most: number): void {
    const { source, offers } = this.setting;
    const device = new FetchingDevice(flash);
    if (update.sequence !== this.#sequence) {
      this.#sequence = update.sequence;
      this.#kept = [0, 0];
    }
    const before = this.#kept;
    const note = (): void => {
      const progress = device.settings.get(SettingKey.UPDATE_PROGRESS);
      if (progress.length > 0) this.#kept = [progress[ENVELOPE_PIECES_AT]!, progress[IMAGE_BLOCKS_AT]!];
    };
    if (!device.offer(offers.get(update)!)) return;
    device.run(
      (request) => {
        const blocks = source.answer(request);
        const { part, first } = source.requests.pop()!;
        if (first < before[part]! * PIECE_BYTES)
          this.#problems.push(`block ${first} of part ${part} is asked for again`);
        return blocks;
      },
      most,
      note,
    );
    const refused = device.states.find(([, state]) => state === 5);
    if (refused !== undefined) this.#problems.push(`refused with ${refused[2]}`);
  }
}

/** Bytes of the envelope that is offered. */
function offerBytes(offer: Uint8Array): number {
  return readOffer(offer, 0, offer.length)![OfferAt.ENVELOPE_BYTES];
}

function holds(device: FetchingDevice, file: string, image: Uint8Array): boolean {
  const bytes = device.files.read(file);
  return bytes !== undefined && Buffer.from(bytes, 0, image.length).equals(Buffer.from(image));
}

function checkKeys(device: FetchingDevice, updates: readonly FetchedUpdate[]): string[] {
  const stored = device.settings.get(SettingKey.UPDATE_KEYS);
  if (stored.length === 0)
    return device.slots.accepted() === updates.find(({ kind }) => kind === 3)?.sequence
      ? ["the change of keys is accepted and not made"]
      : [];
  return stored.length === 124 && stored.subarray(60, 120).every((byte) => byte === 0)
    ? []
    : ["the keys are neither old nor new"];
}
