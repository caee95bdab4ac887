import { ErrorCode } from "../../../lib/core/error-code.js";
import { FlashPages, Layout } from "../../../lib/flash/flash-pages.js";
import { ResetReason } from "../../../lib/hal/power.js";
import { FlashSettings } from "../../../lib/settings/flash-settings.js";
import { Field, type Manifest } from "../../../lib/update/manifest.js";
import { openTrial } from "../../../lib/update/open-trial.js";
import { Slots } from "../../../lib/update/slots.js";
import { type BootImage, supervise } from "../../../lib/update/supervise.js";
import { Trial } from "../../../lib/update/trial.js";
import { SimulatedFiles } from "../flash/simulated-files.js";
import type { SimulatedFlash } from "../flash/simulated-flash.js";

/** What decides about updates. */
export interface UpdateCode {
  readonly openTrial: typeof openTrial;
  readonly supervise: typeof supervise;
  readonly Slots: typeof Slots;
  readonly Trial: typeof Trial;
}

/** Bytes that are written at a time. */
const PART_BYTES = 64;

/** A device as far as updates go: supervisor, application and what brings an image, over one chip. */
export class UpdateDevice {
  files!: SimulatedFiles;
  slots!: Slots;
  trial!: Trial;
  /** What the supervisor chose. */
  image!: BootImage;

  /** @param lib the code under test: tests hand in broken code */
  constructor(
    readonly flash: SimulatedFlash,
    private readonly lib: UpdateCode = { openTrial, supervise, Slots, Trial },
  ) {
    this.boot(ResetReason.UNKNOWN);
  }

  /** Starts, as after power-on: first the supervisor, then the application. */
  boot(reason: ResetReason): void {
    const files = (this.files = new SimulatedFiles(
      this.flash,
      Layout.SETTINGS_PAGES,
      this.flash.pageCount - Layout.SETTINGS_PAGES,
    ));
    const before = this.lib.openTrial(this.flash, files);
    this.image = before === undefined ? { name: "app.a", bytes: 0 } : this.lib.supervise(before, files, reason);
    const settings = new FlashSettings(new FlashPages(this.flash));
    this.slots = new this.lib.Slots(settings, files);
    if (before === undefined) this.slots.install();
    this.trial = new this.lib.Trial(this.slots, settings);
  }

  /** Writes an image into the spare slot and hands it over. */
  bring(manifest: Manifest, image: Uint8Array): void {
    const kind = manifest[Field.KIND];
    this.slots.withdraw(kind);
    const name = this.slots.spareFile(kind);
    if (name === "" || this.slots.onTrial()) return;
    this.files.clearSlot(name);
    for (let at = 0; at < image.length; at += PART_BYTES)
      this.files.writeSlot(name, at, image.subarray(at, at + PART_BYTES));
    const status = this.slots.stage(manifest);
    if (status !== ErrorCode.OK) throw new Error(`stage gave ${status}`);
  }
}
