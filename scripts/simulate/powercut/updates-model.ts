import { ErrorCode } from "../../../lib/core/error-code.js";
import { ResetReason } from "../../../lib/hal/power.js";
import { ImageAt, Phase } from "../../../lib/update/boot-record.js";
import { Field, type Manifest, UpdateKind } from "../../../lib/update/manifest.js";
import { slotFile } from "../../../lib/update/slots.js";
import { SILENT_LIMIT } from "../../../lib/update/trial.js";
import type { Model } from "./subject.js";
import type { UpdateDevice } from "./update-device.js";

/** What a scenario does with a device. */
export type UpdateStep =
  | { readonly kind: "bring"; readonly manifest: Manifest; readonly image: Uint8Array }
  /** Power goes and comes, or the device wakes. */
  | { readonly kind: "boot"; readonly reason: ResetReason }
  | { readonly kind: "infer" }
  | { readonly kind: "connect" }
  | { readonly kind: "crash" }
  | { readonly kind: "report" };

const KINDS = [UpdateKind.MODEL, UpdateKind.APPLICATION, UpdateKind.CONFIG];

/** Images by sequence, model and application that came over the cable at [0]. */
export interface UpdateImages {
  /** Model and application. */
  readonly cable: readonly Uint8Array[];
  readonly bySequence: ReadonlyMap<number, Uint8Array>;
}

/** What can be seen of a device from outside. */
interface Seen {
  /** Sequences that are active, of each kind. */
  readonly active: readonly number[];
  readonly confirmed: readonly number[];
  readonly onTrial: readonly boolean[];
}

/**
 * U1: confirmed and active images are whole, always. U3: the accepted sequence does not fall. U5: an update ends confirmed
 * or rolled back, what was rolled back stays so, companions change together.
 */
export class UpdatesModel implements Model<UpdateDevice> {
  #accepted = 0;
  /** Sequences that were given to the device, and those that it gave up. */
  #brought = new Set<number>();
  #lost = new Set<number>();
  #confirmed: readonly number[] = [0, 0, 0];
  /** What follows a cut has been done to its end. */
  #isDone = false;

  constructor(
    private readonly steps: readonly UpdateStep[],
    private readonly images: UpdateImages,
    private readonly aftermathSteps: readonly UpdateStep[],
  ) {}

  clone(): UpdatesModel {
    const copy = new UpdatesModel(this.steps, this.images, this.aftermathSteps);
    copy.#accepted = this.#accepted;
    copy.#brought = new Set(this.#brought);
    copy.#lost = new Set(this.#lost);
    copy.#confirmed = this.#confirmed;
    return copy;
  }

  step(index: number, device: UpdateDevice): UpdateDevice {
    this.#perform(this.steps[index]!, device);
    return device;
  }

  aftermath(index: number, device: UpdateDevice): void {
    this.#perform(fresh(this.aftermathSteps[index]!, device), device);
    this.#isDone = index === this.aftermathSteps.length - 1;
  }

  check(device: UpdateDevice): string[] {
    const { slots } = device;
    const seen = look(device);
    const problems = [...this.#wrongImages(device), ...this.#wrongBoot(device)];
    const accepted = slots.accepted();
    if (accepted < this.#accepted) problems.push(`U3: accepted fell from ${this.#accepted} to ${accepted}`);
    this.#accepted = accepted;
    const report = slots.report();
    if (report !== undefined && report.reason !== ErrorCode.OK)
      for (const sequence of [report.sequence, report.companion]) if (sequence > 0) this.#lost.add(sequence);
    KINDS.forEach((kind) => {
      const sequence = seen.confirmed[kind]!;
      if (this.#lost.has(sequence)) problems.push(`U5: ${sequence} was rolled back, and is confirmed`);
      const before = this.#confirmed[kind]!;
      if (sequence !== before && !(sequence > before && this.#brought.has(sequence)))
        problems.push(`U5: kind ${kind} is confirmed at ${sequence}, after ${before}`);
      if (seen.onTrial[kind] && this.#lost.has(seen.active[kind]!))
        problems.push(`U5: ${seen.active[kind]} was rolled back, and is on trial again`);
    });
    this.#confirmed = seen.confirmed;
    for (const [application, model] of COMPANIONS) {
      const isOne = seen.active[UpdateKind.APPLICATION] === application;
      const isOther = seen.active[UpdateKind.MODEL] === model;
      // A later update of one of the two may have taken its place.
      const isAlone =
        (isOne && seen.active[UpdateKind.MODEL]! < model) ||
        (isOther && seen.active[UpdateKind.APPLICATION]! < application);
      if (isAlone) problems.push(`companions ${application} and ${model} are not active together`);
    }
    if (this.#isDone && seen.confirmed[UpdateKind.APPLICATION]! < AFTERMATH_SEQUENCE)
      problems.push(`U5: ${AFTERMATH_SEQUENCE} is good, and was not confirmed`);
    return problems;
  }

  #perform(step: UpdateStep, device: UpdateDevice): void {
    const { trial, slots } = device;
    if (step.kind === "bring") {
      this.#brought.add(step.manifest[Field.SEQUENCE]);
      device.bring(step.manifest, step.image);
      const { [Field.KIND]: kind, [Field.SEQUENCE]: sequence } = step.manifest;
      if (slots.activeSequence(kind) === sequence || slots.waiting(kind) === sequence)
        this.#accepted = Math.max(this.#accepted, sequence);
    } else if (step.kind === "boot") device.boot(step.reason);
    else if (step.kind === "infer") trial.inferred(5, 50_000, 0);
    else if (step.kind === "connect") trial.connected(0);
    else if (step.kind === "report") slots.reported();
    else {
      trial.crashed();
      device.boot(ResetReason.SOFTWARE);
    }
    this.#accepted = Math.max(this.#accepted, device.slots.accepted());
    this.#confirmed = look(device).confirmed;
  }

  /** U1, by the bytes in the slots. */
  #wrongImages({ files, slots: { record } }: UpdateDevice): string[] {
    if (!record.isKnown()) return ["U1: nobody knows what is confirmed"];
    const problems: string[] = [];
    for (const kind of KINDS)
      for (const slot of new Set([record.confirmedSlot(kind), record.activeSlot(kind)])) {
        const sequence = record.image(kind, slot, ImageAt.SEQUENCE);
        const wanted =
          sequence === 0 ? this.images.cable[kind] : this.images.bySequence.get(Math.min(sequence, AFTERMATH_SEQUENCE));
        const bytes = record.image(kind, slot, ImageAt.IMAGE_BYTES);
        const found = files.read(slotFile(kind, slot));
        const isWhole = wanted === undefined ? bytes === 0 : isFront(found, wanted) && bytes === wanted.length;
        if (!isWhole) problems.push(`U1: ${slotFile(kind, slot)} does not hold ${sequence}`);
      }
    return problems;
  }

  /** What the supervisor chose is the application that is active. */
  #wrongBoot({ image, slots }: UpdateDevice): string[] {
    const active = slots.activeFile(UpdateKind.APPLICATION);
    return image.name === active ? [] : [`U1: ${image.name} was booted, and ${active} is active`];
  }
}

/** What is brought after a cut, is good, and must be confirmed in the end. */
export const AFTERMATH_SEQUENCE = 90;

/** Sequences of the scenario that belong together, application first. */
export const COMPANIONS: readonly (readonly [number, number])[] = [
  [40, 41],
  [50, 51],
];

/** Boots that end a trial which says nothing. */
export const SILENT_BOOTS: readonly UpdateStep[] = Array.from({ length: SILENT_LIMIT + 1 }, () => ({
  kind: "boot",
  reason: ResetReason.UNKNOWN,
}));

/** A sequence that the device has not accepted yet: nobody brings one a second time. */
function fresh(step: UpdateStep, device: UpdateDevice): UpdateStep {
  if (step.kind !== "bring") return step;
  const manifest: Manifest = [...step.manifest];
  manifest[Field.SEQUENCE] = Math.max(AFTERMATH_SEQUENCE, device.slots.accepted() + 1);
  return { ...step, manifest };
}

function look({ slots }: UpdateDevice): Seen {
  const { record } = slots;
  return {
    active: KINDS.map((kind) => slots.activeSequence(kind)),
    confirmed: KINDS.map((kind) => record.image(kind, record.confirmedSlot(kind), ImageAt.SEQUENCE)),
    onTrial: KINDS.map((kind) => record.phase(kind) === Phase.TRIAL),
  };
}

function isFront(file: ArrayBuffer | undefined, wanted: Uint8Array): boolean {
  return file !== undefined && Buffer.from(wanted).equals(new Uint8Array(file).subarray(0, wanted.length));
}
