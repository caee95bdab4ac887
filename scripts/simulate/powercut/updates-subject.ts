import { Layout } from "../../../lib/flash/flash-pages.js";
import { ResetReason } from "../../../lib/hal/power.js";
import { Field, type Manifest, UpdateKind } from "../../../lib/update/manifest.js";
import { INSTALLATION_FILE, installationNote, slotFile } from "../../../lib/update/slots.js";
import { EspruinoStorage } from "../flash/espruino-storage.js";
import { ESP32_FLASH, SimulatedFlash } from "../flash/simulated-flash.js";
import { fillStorage } from "../flash/slot-layout.js";
import type { Subject } from "./subject.js";
import { UpdateDevice } from "./update-device.js";
import { AFTERMATH_SEQUENCE, SILENT_BOOTS, type UpdateImages, UpdatesModel, type UpdateStep } from "./updates-model.js";

export interface UpdatesScenario {
  readonly name: string;
  readonly pageBytes: number;
  readonly steps: readonly UpdateStep[];
}

const IMAGE_BYTES = 90;
const SLOT_BYTES = 512;
const STORAGE_BYTES = 8192;
const NONE = new Uint8Array(0);

const BOOT: UpdateStep = { kind: "boot", reason: ResetReason.UNKNOWN };
const WAKE: UpdateStep = { kind: "boot", reason: ResetReason.TIMER_WAKE };
const INFER: UpdateStep = { kind: "infer" };
const CONNECT: UpdateStep = { kind: "connect" };
const CRASH: UpdateStep = { kind: "crash" };
const REPORT: UpdateStep = { kind: "report" };

/** Updates of each kind, confirmed and rolled back in each way, alone and with a companion. */
const STEPS: readonly UpdateStep[] = [
  bring(UpdateKind.MODEL, 10),
  WAKE,
  INFER,
  WAKE,
  INFER,
  INFER,
  REPORT,
  bring(UpdateKind.APPLICATION, 20),
  BOOT,
  CRASH,
  CRASH,
  REPORT,
  bring(UpdateKind.CONFIG, 30),
  BOOT,
  CONNECT,
  bring(UpdateKind.APPLICATION, 40, 41),
  BOOT,
  bring(UpdateKind.MODEL, 41, 40),
  BOOT,
  INFER,
  INFER,
  INFER,
  CONNECT,
  REPORT,
  bring(UpdateKind.APPLICATION, 50, 51),
  bring(UpdateKind.MODEL, 51, 50),
  BOOT,
  CRASH,
  CRASH,
  bring(UpdateKind.MODEL, 60),
  ...SILENT_BOOTS,
  REPORT,
];

/** The last update comes after any cut, and is confirmed, whatever was under way. */
const AFTERMATH: readonly UpdateStep[] = [
  ...SILENT_BOOTS,
  bring(UpdateKind.APPLICATION, AFTERMATH_SEQUENCE),
  BOOT,
  INFER,
  INFER,
  INFER,
  CONNECT,
];

/** Images are the same for the same sequence. */
function imageOf(sequence: number): Uint8Array {
  return Uint8Array.from({ length: IMAGE_BYTES }, (_, i) => (sequence * 31 + i * 7 + (i >> 4)) & 255);
}

function bring(kind: UpdateKind, sequence: number, companion = 0): UpdateStep {
  const manifest: Manifest = [
    ...([1, kind, sequence, "", "", "", 0, IMAGE_BYTES, NONE, SLOT_BYTES, NONE, 0, 0, NONE, 0, 0] as const),
    ...([companion, 0, 3, 2, 1000, 100, 0, NONE] as const),
  ];
  return { kind: "bring", manifest, image: imageOf(sequence) };
}

const IMAGES: UpdateImages = {
  cable: [imageOf(1), imageOf(2)],
  bySequence: new Map(
    [...STEPS, ...AFTERMATH].flatMap((step) =>
      step.kind === "bring" ? [[step.manifest[Field.SEQUENCE], step.image] as const] : [],
    ),
  ),
};

/** Updates and a scenario, to be explored. Tests hand in a broken device. */
export function updatesSubject(
  scenario: UpdatesScenario,
  open: (flash: SimulatedFlash) => UpdateDevice = (flash) => new UpdateDevice(flash),
): Subject<UpdateDevice> {
  const { pageBytes } = scenario;
  const installed = installation(pageBytes);
  return {
    name: scenario.name,
    flash: {
      ...ESP32_FLASH,
      pageBytes,
      pageCount: Layout.SETTINGS_PAGES + STORAGE_BYTES / pageBytes,
      rewritesPerWord: 64,
    },
    steps: scenario.steps.length,
    aftermathSteps: AFTERMATH.length,
    open: (flash) => {
      // The host has written Storage before the device is ever switched on.
      const storage = flash.image.subarray(Layout.SETTINGS_PAGES * pageBytes);
      if (storage.every((byte) => byte === 0xff)) storage.set(installed);
      return open(flash);
    },
    model: () => new UpdatesModel(scenario.steps, IMAGES, AFTERMATH),
  };
}

/** Storage as an upload leaves it. */
function installation(pageBytes: number): Uint8Array {
  const pages = STORAGE_BYTES / pageBytes;
  const flash = new SimulatedFlash({ ...ESP32_FLASH, pageBytes, pageCount: pages, rewritesPerWord: 64 });
  const model = IMAGES.cable[UpdateKind.MODEL]!;
  const application = IMAGES.cable[UpdateKind.APPLICATION]!;
  const contents: Record<string, Uint8Array> = { "model.a": model, "app.a": application };
  const slotBytes = Math.max(pageBytes, SLOT_BYTES);
  const slots = [UpdateKind.APPLICATION, UpdateKind.MODEL, UpdateKind.CONFIG].flatMap((kind) =>
    [0, 1].map((slot) => {
      const name = slotFile(kind, slot);
      const bytes = new Uint8Array(slotBytes).fill(0xff);
      bytes.set(contents[name] ?? NONE);
      return { name, bytes, contentBytes: contents[name]?.length ?? 0 };
    }),
  );
  const note = { name: INSTALLATION_FILE, bytes: installationNote(application, model) };
  fillStorage(new EspruinoStorage(flash), { address: 0, pageBytes, pages }, [note, ...slots]);
  return flash.image;
}

/** The scenarios of `npm run powercut`: a small page moves the settings often. */
export function updatesScenarios(): UpdatesScenario[] {
  return [{ name: "update/decide", pageBytes: 512, steps: STEPS }];
}
