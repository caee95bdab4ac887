import { beforeEach, describe, expect, it } from "vitest";
import { crc32 } from "../../lib/core/crc32.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import { FlashPages } from "../../lib/flash/flash-pages.js";
import { FlashSettings } from "../../lib/settings/flash-settings.js";
import { ImageAt, Phase, RecordAt } from "../../lib/update/boot-record.js";
import { Field, UpdateKind } from "../../lib/update/manifest.js";
import { INSTALLATION_FILE, installationNote, Slots } from "../../lib/update/slots.js";
import { passedOver } from "../../lib/update/slot-facts.js";
import { SimulatedFiles } from "../../scripts/simulate/flash/simulated-files.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { deviceManifest } from "./device-manifest.js";
import { fillStorage } from "../../scripts/simulate/flash/slot-layout.js";

const MODEL = UpdateKind.MODEL;
const APPLICATION = UpdateKind.APPLICATION;
const CONFIG = UpdateKind.CONFIG;
const PAGE_BYTES = 512;
const FILES = { pageBytes: PAGE_BYTES, pageCount: 64, writeUnitBytes: 4, rewritesPerWord: 64 };
const NONE = new Uint8Array(0);

function image(seed: number, length = 700): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (seed * 31 + i * 7) & 255);
}

let chip: SimulatedFlash;
let region: SimulatedFlash;
let files: SimulatedFiles;

function open(): Slots {
  const slots = new Slots(new FlashSettings(new FlashPages(region)), files);
  slots.install();
  return slots;
}

/** Writes an image where the slots say, as the agent does. */
function bring(slots: Slots, kind: UpdateKind, bytes: Uint8Array): void {
  const name = slots.spareFile(kind);
  files.clearSlot(name);
  files.writeSlot(name, 0, bytes);
}

beforeEach(() => {
  chip = new SimulatedFlash(FILES);
  region = new SimulatedFlash({ ...FILES, pageBytes: 4096, pageCount: 2 });
  files = new SimulatedFiles(chip);
  const content = [image(1), image(2)];
  fillStorage(
    files.storage,
    { address: 0, pageBytes: PAGE_BYTES, pages: FILES.pageCount },
    ["app.a", "app.b", "model.a", "model.b", "config.a", "config.b"].map((name) => {
      const inside = name === "app.a" ? content[0]! : name === "model.a" ? content[1]! : NONE;
      const bytes = new Uint8Array(2 * PAGE_BYTES).fill(0xff);
      bytes.set(inside);
      return { name, bytes, contentBytes: inside.length };
    }),
  );
  files.write(INSTALLATION_FILE, installationNote(content[0]!, content[1]));
});

describe("the slots", () => {
  it("begin with what came over the cable", () => {
    const slots = open();
    expect([MODEL, APPLICATION, CONFIG].map((kind) => slots.activeFile(kind))).toEqual([
      "model.a",
      "app.a",
      "config.a",
    ]);
    expect([MODEL, APPLICATION, CONFIG].map((kind) => slots.spareFile(kind))).toEqual(["model.b", "app.b", "config.b"]);
    expect([slots.activeBytes(APPLICATION), slots.activeSequence(APPLICATION), slots.activeBytes(CONFIG)]).toEqual([
      700, 0, 0,
    ]);
    expect([slots.accepted(), slots.onTrial(), slots.report()]).toEqual([0, false, undefined]);
  });

  it("stage an update, and confirm it in place of the other", () => {
    const slots = open();
    bring(slots, MODEL, image(3, 900));
    expect(slots.stage(deviceManifest(MODEL, 10, 900, { [Field.TRIAL_INFERENCES]: 5 }))).toBe(ErrorCode.OK);
    const tried = open();
    expect([tried.activeFile(MODEL), tried.spareFile(MODEL), tried.activeBytes(MODEL)]).toEqual(["model.b", "", 900]);
    expect([tried.trialSequence(), tried.accepted(), tried.record.number(RecordAt.TRIAL_INFERENCES)]).toEqual([
      10, 10, 5,
    ]);
    expect(tried.confirm()).toBe(ErrorCode.OK);
    const after = open();
    expect([after.activeFile(MODEL), after.spareFile(MODEL), after.onTrial()]).toEqual(["model.b", "model.a", false]);
    expect(after.report()).toEqual({ sequence: 10, companion: 0, reason: ErrorCode.OK });
    expect(after.reported()).toBe(ErrorCode.OK);
    expect([open().report(), after.failed(10)]).toEqual([undefined, false]);
  });

  it("take an update back, remember it, and never lower the accepted sequence", () => {
    const slots = open();
    bring(slots, APPLICATION, image(4));
    slots.stage(deviceManifest(APPLICATION, 20, 700));
    expect(open().rollBack(ErrorCode.UPDATE_CRASHED)).toBe(ErrorCode.OK);
    const after = open();
    expect([after.activeFile(APPLICATION), after.spareFile(APPLICATION), after.accepted()]).toEqual([
      "app.a",
      "app.b",
      20,
    ]);
    expect(after.report()).toEqual({ sequence: 20, companion: 0, reason: ErrorCode.UPDATE_CRASHED });
    expect([after.failed(20), after.failed(19)]).toEqual([true, false]);
    expect([after.accept(5), after.accepted(), after.accept(30), open().accepted()]).toEqual([0, 20, 0, 30]);
  });

  it("bring companions to life together, by the stricter of their rules, and take both back", () => {
    const slots = open();
    bring(slots, APPLICATION, image(5));
    const first = {
      [Field.COMPANION]: 41,
      [Field.TRIAL_CRASHES]: 2,
      [Field.TRIAL_INFERENCE_MS]: 90,
      [Field.TRIAL_INFERENCES]: 5,
    };
    expect(slots.stage(deviceManifest(APPLICATION, 40, 700, first))).toBe(ErrorCode.OK);
    expect([slots.activeFile(APPLICATION), slots.waiting(APPLICATION), slots.onTrial()]).toEqual(["app.a", 40, false]);
    expect(open().record.phase(APPLICATION)).toBe(Phase.WAITING);
    bring(slots, MODEL, image(6));
    const second = {
      [Field.COMPANION]: 40,
      [Field.TRIAL_INFERENCE_MS]: 50,
      [Field.TRIAL_INFERENCES]: 9,
      [Field.TRIAL_FREE_BYTES]: 1000,
    };
    expect(slots.stage(deviceManifest(MODEL, 41, 700, second))).toBe(ErrorCode.OK);
    const tried = open();
    const { record } = tried;
    expect([tried.activeFile(APPLICATION), tried.activeFile(MODEL)]).toEqual(["app.b", "model.b"]);
    expect([record._bytes[RecordAt.TRIAL_CRASHES], record.number(RecordAt.TRIAL_INFERENCE_MS)]).toEqual([2, 50]);
    expect([RecordAt.TRIAL_INFERENCES, RecordAt.TRIAL_FREE_BYTES].map((at) => record.number(at))).toEqual([9, 1000]);
    tried.rollBack(ErrorCode.SELF_TEST_FAILED);
    const after = open();
    expect([after.activeFile(APPLICATION), after.activeFile(MODEL)]).toEqual(["app.a", "model.a"]);
    expect([after.failed(40), after.failed(41)]).toEqual([true, true]);
    expect(after.report()).toMatchObject({ reason: ErrorCode.SELF_TEST_FAILED });
  });

  it("give up one that waits, and stage nothing while another is on trial", () => {
    const slots = open();
    bring(slots, APPLICATION, image(5));
    slots.stage(deviceManifest(APPLICATION, 40, 700, { [Field.COMPANION]: 41 }));
    slots.withdraw(APPLICATION);
    expect([open().waiting(APPLICATION), slots.waiting(APPLICATION)]).toEqual([0, 0]);
    bring(slots, MODEL, image(6));
    slots.stage(deviceManifest(MODEL, 50, 700));
    bring(slots, CONFIG, image(7));
    expect(slots.stage(deviceManifest(CONFIG, 51, 700))).toBe(ErrorCode.UPDATE_ON_TRIAL);
    expect(open().accepted()).toBe(50);
  });

  it("refuse an image that its slot does not hold", () => {
    const slots = open();
    expect(slots.stage(deviceManifest(MODEL, 9, 2 * PAGE_BYTES + 1))).toBe(ErrorCode.UPDATE_IMAGE_DAMAGED);
    expect(slots.accepted()).toBe(0);
  });

  it("say that nothing may be written where the settings are lost and no note is left", () => {
    const slots = open();
    bring(slots, MODEL, image(6));
    slots.stage(deviceManifest(MODEL, 50, 700));
    region = new SimulatedFlash({ ...FILES, pageBytes: 4096, pageCount: 2 });
    const lost = open();
    expect([lost.record.isKnown(), lost.spareFile(MODEL)]).toEqual([false, ""]);
  });

  it("take an installation over the cable for what it is, once", () => {
    const slots = open();
    bring(slots, MODEL, image(6));
    slots.stage(deviceManifest(MODEL, 50, 700));
    open().confirm();
    expect(open().activeFile(MODEL)).toBe("model.b");
    expect(files.read(INSTALLATION_FILE)).toBeUndefined();
    files.write(INSTALLATION_FILE, installationNote(image(1), image(2)));
    const again = open();
    expect([again.activeFile(MODEL), again.accepted(), again.onTrial()]).toEqual(["model.a", 50, false]);
    expect(crc32(image(2))).toBe(files.check("model.a", 700));
    // Nothing is known of slot b any more, and nothing is written at the boots that follow.
    expect(again.record.image(MODEL, 1, ImageAt.SEQUENCE)).toBe(0);
    const before = region.operations;
    expect(open().activeFile(MODEL)).toBe("model.a");
    expect(region.operations).toBe(before);
  });

  it("have no offer passed over while either of a pair waits", () => {
    for (const kind of [MODEL, APPLICATION]) {
      const slots = open();
      expect(passedOver(slots)).toBe(slots.accepted());
      bring(slots, kind, image(6));
      const sequence = 60 + 2 * kind;
      slots.stage(deviceManifest(kind, sequence, 700, { [Field.COMPANION]: sequence + 1 }));
      expect([slots.waiting(kind), passedOver(open())]).toEqual([sequence, 0]);
      slots.withdraw(kind);
    }
  });
});
